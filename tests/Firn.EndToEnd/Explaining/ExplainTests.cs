namespace Firn.EndToEnd.Explaining;

/// <summary>The examples of <c>firn explain</c> that are commands: the wrong one fails with its code, the right one works.</summary>
public sealed class ExplainTests : IDisposable
{
    private readonly Machine _machine = new("experimental-features = nix-command flakes");

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("eval/forbidden")]
    [InlineData("syntax/discouraged-literal")]
    [InlineData("syntax/home-in-pure-mode")]
    [InlineData("syntax/nul-in-string")]
    [InlineData("syntax/too-deep")]
    public void The_wrong_command_fails_with_its_code_and_the_right_one_works(string code)
    {
        var text = _machine.Firn("firn", "explain", code);

        Assert.Contains($"\"code\":\"{code}\"", _machine.FailsInShell(CommandOf(text, "Wrong:")).Errors, StringComparison.Ordinal);
        _machine.Shell(CommandOf(text, "Right:"));
    }

    [Fact]
    public void All_codes_are_listed()
    {
        var codes = _machine.Firn("firn", "explain").Split('\n');

        Assert.True(codes.Length > 100);
        Assert.All(codes, line => Assert.Matches("^[a-z]+/[a-z0-9-]+ +[^ ]", line));
    }

    private string CommandOf(string text, string heading)
    {
        var command = text[(text.IndexOf(heading, StringComparison.Ordinal) + heading.Length)..].Split('\n').First(l => l.StartsWith("    $ ", StringComparison.Ordinal))[6..];
        foreach (var program in (string[])["nix eval", "nix-instantiate"])
        {
            command = command.Replace(program, $"{program} --error-format json", StringComparison.Ordinal);
        }

        // What is to be read stands there: whatever a user can write.
        _machine.Write("config", "1");
        return $"cd {_machine.Home} && PATH={Machine.FirnCommands}:$PATH && {command}";
    }
}
