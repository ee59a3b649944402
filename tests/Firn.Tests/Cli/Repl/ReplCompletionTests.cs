using Firn.Cli.Repl;
using Firn.Cli.Repl.Lines;
using Firn.Evaluation.Prompting;
using Firn.Tests.Evaluation;

namespace Firn.Tests.Cli.Repl;

/// <summary>What could stand at the cursor.</summary>
public sealed class ReplCompletionTests
{
    [Theory]
    [InlineData(":d", ":doc")]
    [InlineData("builtins.concatS", "builtins.concatStringsSep")]
    [InlineData("1 + (servic", "services")]
    [InlineData("services.ng", "services.nginx")]
    [InlineData("[services.nginx.en", "services.nginx.enable")]
    [InlineData("services.with", "services.\"with space\"")]
    public void One_possibility_is_written_out(string before, string completed)
    {
        var found = Completion().Find(before);

        Assert.Equal([completed], found.Texts);
        Assert.EndsWith(before[found.Start..], before, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("broken.x")]
    [InlineData("noSuchVariable.x")]
    [InlineData("(1 +.")]
    public void Where_nothing_can_be_said_nothing_is_said(string before) => Assert.Empty(Completion().Find(before).Texts);

    [Fact]
    public void Files_are_completed_and_folders_end_in_a_slash()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path + "/machines");
        File.WriteAllText(folder.Path + "/main.nix", "");
        File.WriteAllText(folder.Path + "/.hidden", "");

        Assert.Equal([$"{folder.Path}/machines/", $"{folder.Path}/main.nix"], Completion().Find($"import {folder.Path}/ma").Texts.Order(StringComparer.Ordinal));
        Assert.Equal(2, Completion().Find($":l {folder.Path}/").Texts.Count);
        Assert.Equal($"{folder.Path}/ma", Completion().Find($"import {folder.Path}/").Common);
    }

    [Fact]
    public void Many_possibilities_stand_in_columns()
    {
        var table = new Completions(0, ["one", "two", "three", "four"]).Table(20);

        Assert.Equal("four   three\none    two\n", table);
    }

    private static ReplCompletion Completion()
    {
        var eval = Evaluations.New(new MemoryHost());
        var scope = new PromptScope(eval, "/");
        var input = scope.Read("services = { nginx.enable = true; \"with space\" = 1; }; broken = throw \"no\";");
        scope.Define(Assert.IsType<PromptInput.Definitions>(input).Set);
        return new ReplCompletion(scope, [":doc", ":l", ":load"]);
    }
}
