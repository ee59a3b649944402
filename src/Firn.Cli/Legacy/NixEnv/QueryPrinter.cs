using System.Text;
using Firn.Cli.Rendering;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Model.Diagnostics;
using Firn.Model.Text;
using Firn.Model.Text.Json;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>Prints packages as <c>nix-env --query</c> does: as a table, JSON or XML.</summary>
internal sealed class QueryPrinter(
    Session session, Evaluator eval, Output output, QueryColumns columns, PackageFacts facts, bool onlyPrebuilt)
{
    private readonly Ansi _ansi = new(Terminal.IsOutputTerminal);

    public void PrintTable(IEnumerable<Package> packages)
    {
        var rows = new List<List<string>>();
        ForEach(packages, package => rows.Add(Row(package)));
        if (rows.Count == 0)
        {
            return;
        }

        var widths = Enumerable.Range(0, rows[0].Count).Select(c => rows.Max(r => Encoding.UTF8.GetByteCount(r[c]))).ToArray();
        foreach (var row in rows)
        {
            var line = new StringBuilder();
            for (var c = 0; c < row.Count; c++)
            {
                line.Append(row[c].Replace('\n', ' '));
                line.Append(' ', c < row.Count - 1 ? widths[c] - Encoding.UTF8.GetByteCount(row[c]) + 2 : 0);
            }

            output.Line(line.ToString());
        }
    }

    public void PrintJson(IEnumerable<Package> packages)
    {
        // Of several at one place the last is what remains.
        var byPath = new SortedDictionary<string, Package>(Utf8Order.Comparer);
        foreach (var package in packages)
        {
            byPath[package.AttributePath] = package;
        }

        var json = new JsonWriter(2);
        var writer = new QueryJson(json, session, columns);
        json.StartObject();
        ForEach(byPath.Values, writer.Write);
        json.EndObject();
        output.Stream.Write(json.Written);
        output.Stream.Write("\n"u8);
    }

    public void PrintXml(IEnumerable<Package> packages)
    {
        var xml = new XmlText();
        var writer = new QueryXml(xml, session, columns, facts);
        xml.Open("items");
        ForEach(packages, writer.Write);
        xml.Close();
        output.Stream.Write(xml.Written);
    }

    /// <summary>Does something with each package, and passes over those whose expressions say that they make no sense here.</summary>
    private void ForEach(IEnumerable<Package> packages, Action<Package> print)
    {
        foreach (var package in packages)
        {
            // All that will be shown is evaluated first, so that nothing is shown by halves.
            var isWanted = true;
            if (!PackageAttributes.TryEvaluate(eval, () => isWanted = IsWanted(package)))
            {
                session.Log.Write(Verbosity.Talkative, $"skipping derivation named '{package.Name.Full}' which gives an assertion failure");
            }
            else if (isWanted)
            {
                print(package);
            }
        }
    }

    private bool IsWanted(Package package)
    {
        _ = Row(package);
        _ = columns.Meta ? package.MetaNames.Select(package.FindMeta).Count() : 0;
        _ = (package.System, package.OutputName, columns.OutputsOf(package, session).Count());
        return !onlyPrebuilt || facts.IsValid(package) || facts.IsSubstitutable(package);
    }

    private List<string> Row(Package package)
    {
        var row = new List<string>();
        void Add(bool wanted, Func<string> text)
        {
            if (wanted)
            {
                row.Add(text());
            }
        }

        Add(columns.Status, () => (facts.IsInstalled(package) ? "I" : "-") + (facts.IsValid(package) ? "P" : "-") + (facts.IsSubstitutable(package) ? "S" : "-"));
        Add(columns.AttributePath, () => package.AttributePath);
        Add(columns.Name, () => package.Name.Full);
        Add(columns.Comparison, () =>
        {
            var difference = facts.Compare(package);
            var text = $"{difference.Sign} {difference.Version}";
            return difference.Sign == '<' ? _ansi.Error(text) : text;
        });
        Add(columns.System, () => package.System);
        Add(columns.DerivationPath, () => package.Derivation is { } path ? session.StoreDirectory.Absolute(path) : "-");
        Add(columns.OutPath, () => string.Join(';', package.Outputs(onlyInstalled: false)
            .Select(o => (o.Name == Model.StorePaths.OutputName.Default ? "" : o.Name + "=") + session.StoreDirectory.Absolute(o.Path))));
        Add(columns.Description, () => package.Description);
        return row;
    }
}
