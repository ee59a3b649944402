using System.Text;
using Firn.Archive.Nars;

namespace Firn.Archive.Trees;

/// <summary>The suffixes by which <c>use-case-hack</c> tells names apart that differ only in case.</summary>
internal sealed class CaseHack
{
    private readonly Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _spellings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the name without its suffix.</summary>
    internal static byte[] Undo(byte[] name)
    {
        var suffix = name.AsSpan().IndexOf(Encoding.ASCII.GetBytes(NarFormat.CaseHackSuffix));
        return suffix < 0 ? name : name[..suffix];
    }

    /// <summary>Returns the name for the next entry of a directory.</summary>
    /// <exception cref="NarException">Another entry already has the name with the suffix.</exception>
    internal byte[] Apply(byte[] name)
    {
        // As Latin-1 each byte is a character of its own, and only ASCII ones have a case for strcasecmp.
        var text = Encoding.Latin1.GetString(name);
        if (!_names.TryGetValue(text, out var count))
        {
            _names[text] = 0;
            _spellings[text] = text;
            return name;
        }

        _names[text] = ++count;
        var hacked = $"{text}{NarFormat.CaseHackSuffix}{count}";
        return _spellings.TryGetValue(hacked, out var other)
            ? throw NarException.Bad($"NAR contains file name '{text}' that collides with case-hacked file name '{other}'")
            : Encoding.Latin1.GetBytes(hacked);
    }
}
