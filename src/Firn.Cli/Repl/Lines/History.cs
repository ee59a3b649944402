using System.Text;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Repl.Lines;

/// <summary>The lines that were typed before, kept in a file from one session to the next.</summary>
internal sealed class History
{
    private const int MaxCount = 1000;

    private readonly List<string> _lines = [];
    private readonly string? _file;
    private readonly IMessageLog _log;

    /// <param name="file">Where the lines are kept, one a line; null keeps them for this session only.</param>
    /// <param name="log">Is told when the file cannot be read or written.</param>
    public History(string? file, IMessageLog log)
    {
        (_file, _log) = (file, log);
        Try(path =>
        {
            if (File.Exists(path))
            {
                _lines.AddRange(File.ReadLines(path).TakeLast(MaxCount));
            }
        });
    }

    /// <summary>The lines, oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds a line, unless it is blank or the same as the last; written at once, so that no end of the program loses it.</summary>
    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || line.Contains('\n') || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        Try(path =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (_lines.Count > 2 * MaxCount)
            {
                _lines.RemoveRange(0, _lines.Count - MaxCount);
                File.WriteAllLines(path, _lines, new UTF8Encoding(false));
            }
            else
            {
                File.AppendAllText(path, line + "\n", new UTF8Encoding(false));
            }
        });
    }

    /// <summary>Returns the index of the newest line before <paramref name="before"/> that contains a text, or -1.</summary>
    public int Find(string text, int before) => before <= 0 ? -1 : _lines.FindLastIndex(before - 1, line => line.Contains(text, StringComparison.Ordinal));

    private void Try(Action<string> use)
    {
        if (_file is null)
        {
            return;
        }

        try
        {
            use(_file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Write(Verbosity.Warning, $"the history '{_file}' cannot be kept: {e.Message}");
        }
    }
}
