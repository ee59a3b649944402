namespace Firn.EndToEnd.Parsing;

/// <summary>Many files are parsed while others are printed; they come out in order all the same.</summary>
public sealed class ParseTests : IDisposable
{
    private readonly Machine _machine = new("sandbox = false");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Trees_come_in_order_and_those_in_front_of_a_broken_file_come_too()
    {
        var folder = Directory.CreateDirectory($"{_machine.Home}/files").FullName;
        var names = Enumerable.Range(0, 100).Select(i => $"{folder}/f{i}.nix").ToList();
        for (var i = 0; i < names.Count; i++)
        {
            File.WriteAllText(names[i], i == 90 ? "{ a = ; }" : $"{{ number = {i}; }}");
        }

        var output = _machine.Shell($"{Machine.FirnCommands}/nix-instantiate --parse {string.Join(' ', names)} 2>{folder}/errors || echo failed with $?");

        Assert.Equal([.. Enumerable.Range(0, 90).Select(i => $"{{ number = {i}; }}"), "failed with 1"], output.TrimEnd().Split('\n'));
        Assert.Contains("f90.nix:1:7", File.ReadAllText($"{folder}/errors"), StringComparison.Ordinal);
    }
}
