using Firn.Model.Text;

namespace Firn.Cli.Completing;

/// <summary>What may stand where the cursor is, as shells that set <c>NIX_GET_COMPLETIONS</c> read it.</summary>
internal sealed class Completions
{
    private readonly SortedDictionary<string, string> _found = new(Utf8Order.Comparer);

    /// <summary>What they are, which tells the shell whether a space follows: <c>normal</c>, <c>filenames</c> or <c>attrs</c>.</summary>
    public string Kind { get; set; } = "normal";

    public void Add(string text, string description = "") => _found[text] = description;

    /// <summary>Adds those that begin as what is written already.</summary>
    public void AddMatching(string prefix, IEnumerable<string> texts)
    {
        foreach (var text in texts.Where(t => t.StartsWith(prefix, StringComparison.Ordinal)))
        {
            Add(text);
        }
    }

    /// <summary>Adds the files that begin so; <c>~</c> is the home folder.</summary>
    public void AddFiles(string prefix, bool onlyFolders)
    {
        Kind = "filenames";
        var start = prefix[..(prefix.LastIndexOf('/') + 1)];
        var folder = start.Length == 0 ? "." : ExpandHome(start);
        if (!Directory.Exists(folder))
        {
            return;
        }

        var name = prefix[start.Length..];
        var entries = new DirectoryInfo(folder).EnumerateFileSystemInfos()
            .Where(e => e.Name.StartsWith(name, StringComparison.Ordinal) && (name.Length > 0 || e.Name[0] != '.'))
            .Where(e => !onlyFolders || Directory.Exists(e.FullName));
        foreach (var entry in entries)
        {
            Add(start + entry.Name);
        }
    }

    public void Write(Output output)
    {
        output.Line(Kind);
        foreach (var (text, description) in _found)
        {
            output.Line($"{text}\t{description}");
        }

        output.Flush();
    }

    /// <summary>Does for <c>~</c> what the shell does only when the command runs.</summary>
    public static string ExpandHome(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Environment.GetEnvironmentVariable("HOME") + path[1..] : path;
}
