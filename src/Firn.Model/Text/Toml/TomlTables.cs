using System.Text;

namespace Firn.Model.Text.Toml;

/// <summary>Where headers and keys lead: the rules of which table may be opened, and by what.</summary>
internal static class TomlTables
{
    /// <summary>Opens the table of a <c>[header]</c>.</summary>
    /// <returns>Null, with the <paramref name="problem"/> said, when the header is not allowed there.</returns>
    internal static TomlValue.Table? Open(TomlValue.Table root, List<ByteString> path, out string? problem)
    {
        if (Parent(root, path, out problem) is not { } parent)
        {
            return null;
        }

        if (!parent.Entries.TryGetValue(path[^1], out var present))
        {
            var table = new TomlValue.Table(TomlTableOrigin.Header);
            parent.Entries.Add(path[^1], table);
            return table;
        }

        if (present is TomlValue.Table { Origin: TomlTableOrigin.Implied } implied)
        {
            implied.Origin = TomlTableOrigin.Header;
            return implied;
        }

        problem = $"'{Name(path)}' is defined already";
        return null;
    }

    /// <summary>Adds the table of an <c>[[header]]</c> to its array.</summary>
    internal static TomlValue.Table? Add(TomlValue.Table root, List<ByteString> path, out string? problem)
    {
        if (Parent(root, path, out problem) is not { } parent)
        {
            return null;
        }

        if (!parent.Entries.TryGetValue(path[^1], out var present))
        {
            present = new TomlValue.Array(isOfTables: true);
            parent.Entries.Add(path[^1], present);
        }

        if (present is not TomlValue.Array { IsOfTables: true } array)
        {
            problem = $"'{Name(path)}' is defined already, and not as an array of tables";
            return null;
        }

        var table = new TomlValue.Table(TomlTableOrigin.Header);
        array.Entries.Add(table);
        return table;
    }

    /// <summary>Sets what a key stands for, dotted or not.</summary>
    /// <returns>The problem, if the key is not allowed there.</returns>
    internal static string? Set(
        TomlValue.Table table, List<ByteString> path, TomlValue value)
    {
        foreach (var part in path.Take(path.Count - 1))
        {
            if (!table.Entries.TryGetValue(part, out var present))
            {
                present = new TomlValue.Table(TomlTableOrigin.DottedKey);
                table.Entries.Add(part, present);
            }

            if (present is not TomlValue.Table { Origin: TomlTableOrigin.DottedKey } next)
            {
                return $"'{part}' in '{Name(path)}' is defined already, and not by a dotted key";
            }

            table = next;
        }

        return table.Entries.TryAdd(path[^1], value) ? null : $"'{Name(path)}' is defined already";
    }

    private static TomlValue.Table? Parent(TomlValue.Table root, List<ByteString> path, out string? problem)
    {
        problem = null;
        var table = root;
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (!table.Entries.TryGetValue(path[i], out var present))
            {
                present = new TomlValue.Table(TomlTableOrigin.Implied);
                table.Entries.Add(path[i], present);
            }

            switch (present)
            {
                case TomlValue.Table { Origin: not TomlTableOrigin.Inline } next:
                    table = next;
                    break;
                case TomlValue.Array { IsOfTables: true } array:
                    table = (TomlValue.Table)array.Entries[^1];
                    break;
                default:
                    problem = $"'{Name(path[..(i + 1)])}' is defined already, and not as a table that can be added to";
                    return null;
            }
        }

        return table;
    }

    private static string Name(List<ByteString> path) =>
        string.Join('.', path.Select(part => Encoding.UTF8.GetString(part.Span)));
}
