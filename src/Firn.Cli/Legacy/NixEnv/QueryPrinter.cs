using System.Globalization;
using System.Text;
using Firn.Cli.Rendering;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Model.Diagnostics;
using Firn.Model.Text;
using Firn.Model.Text.Json;
using Firn.Profiles.UserEnvironments;
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
        json.StartObject();
        ForEach(byPath.Values, package => WriteJson(json, package));
        json.EndObject();
        output.Stream.Write(json.Written);
        output.Stream.Write("\n"u8);
    }

    public void PrintXml(IEnumerable<Package> packages)
    {
        var xml = new XmlText();
        xml.Open("items");
        ForEach(packages, package => WriteXml(xml, package));
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
        _ = (package.System, package.OutputName, Outputs(package).Count());
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
        Add(columns.Description, () => Description(package));
        return row;
    }

    private void WriteJson(JsonWriter json, Package package)
    {
        void Text(string name, string value)
        {
            json.Key(Encoding.UTF8.GetBytes(name));
            json.String(Encoding.UTF8.GetBytes(value));
        }

        json.Key(Encoding.UTF8.GetBytes(package.AttributePath));
        json.StartObject();
        if (columns.DerivationPath && package.Derivation is { } derivation)
        {
            Text("drvPath", session.StoreDirectory.Absolute(derivation));
        }

        if (columns.Meta)
        {
            json.Key("meta"u8);
            json.StartObject();
            foreach (var name in package.MetaNames)
            {
                json.Key(Encoding.UTF8.GetBytes(name));
                WriteMeta(json, CheckedMeta(package, name));
            }

            json.EndObject();
        }

        Text("name", package.Name.Full);
        Text("outputName", package.OutputName);
        json.Key("outputs"u8);
        json.StartObject();
        foreach (var (name, path) in Outputs(package))
        {
            json.Key(Encoding.UTF8.GetBytes(name));
            if (path is null)
            {
                json.Null();
            }
            else
            {
                json.String(Encoding.UTF8.GetBytes(path));
            }
        }

        json.EndObject();
        Text("pname", package.Name.Name);
        Text("system", package.System);
        Text("version", package.Name.Version);
        json.EndObject();
    }

    private static void WriteMeta(JsonWriter json, MetaValue? value)
    {
        switch (value)
        {
            case null:
                json.Null();
                break;
            case MetaValue.Text text:
                json.String(text.Value.Span);
                break;
            case MetaValue.Integer integer:
                json.Integer(integer.Value);
                break;
            case MetaValue.Number number:
                json.Float(number.Value);
                break;
            case MetaValue.Flag flag:
                json.Boolean(flag.Value);
                break;
            case MetaValue.List list:
                json.StartArray();
                foreach (var item in list.Items)
                {
                    WriteMeta(json, item);
                }

                json.EndArray();
                break;
            case MetaValue.Set set:
                json.StartObject();
                foreach (var (name, item) in set.Attributes)
                {
                    json.Key(Encoding.UTF8.GetBytes(name));
                    WriteMeta(json, item);
                }

                json.EndObject();
                break;
        }
    }

    private void WriteXml(XmlText xml, Package package)
    {
        var attributes = new List<XmlAttribute>();
        void Add(bool wanted, string name, Func<string> value)
        {
            if (wanted && value() is { Length: > 0 } text)
            {
                attributes.Add(new XmlAttribute(name, text));
            }
        }

        void Flag(string name, bool value) => attributes.Add(new XmlAttribute(name, value ? "1" : "0"));

        if (columns.Status)
        {
            Flag("installed", facts.IsInstalled(package));
            Flag("valid", facts.IsValid(package));
            Flag("substitutable", facts.IsSubstitutable(package));
        }

        attributes.Add(new XmlAttribute("attrPath", package.AttributePath));
        attributes.Add(new XmlAttribute("name", package.Name.Full));
        attributes.Add(new XmlAttribute("pname", package.Name.Name));
        attributes.Add(new XmlAttribute("version", package.Name.Version));
        if (columns.Comparison && facts.Compare(package) is { HasOther: true } difference)
        {
            attributes.Add(new XmlAttribute("versionDiff", difference.Sign.ToString()));
            attributes.Add(new XmlAttribute("maxComparedVersion", difference.Version));
        }

        Add(true, "system", () => package.System);
        Add(columns.DerivationPath, "drvPath", () => package.Derivation is { } path ? session.StoreDirectory.Absolute(path) : "");
        attributes.Add(new XmlAttribute("outputName", package.OutputName));
        Add(columns.Description, "description", () => Description(package));
        xml.Open("item", [.. attributes]);
        foreach (var (name, path) in Outputs(package))
        {
            xml.Empty("output", path is null ? [new("name", name)] : [new("name", name), new("path", path)]);
        }

        if (columns.Meta)
        {
            foreach (var name in package.MetaNames)
            {
                WriteMeta(xml, name, CheckedMeta(package, name));
            }
        }

        xml.Close();
    }

    private static void WriteMeta(XmlText xml, string name, MetaValue? value)
    {
        void Plain(string type, ReadOnlyMemory<byte> text) => xml.Empty("meta", new("name", name), new("type", type), new("value", text));

        switch (value)
        {
            case MetaValue.Text text:
                Plain("string", text.Value.Bytes);
                break;
            case MetaValue.Integer integer:
                Plain("int", Encoding.ASCII.GetBytes(integer.Value.ToString(CultureInfo.InvariantCulture)));
                break;
            case MetaValue.Number number:
                Plain("float", Encoding.ASCII.GetBytes(FloatText.Shown(number.Value)));
                break;
            case MetaValue.Flag flag:
                Plain("bool", flag.Value ? "true"u8.ToArray() : "false"u8.ToArray());
                break;
            case MetaValue.List list:
                xml.Open("meta", new("name", name), new("type", "strings"));
                foreach (var text in list.Items.OfType<MetaValue.Text>())
                {
                    xml.Empty("string", new XmlAttribute("value", text.Value.Bytes));
                }

                xml.Close();
                break;
            case MetaValue.Set set:
                xml.Open("meta", new("name", name), new("type", "strings"));
                foreach (var (inner, item) in set.Attributes)
                {
                    if (item is MetaValue.Text text)
                    {
                        xml.Empty("string", new("type", inner), new("value", text.Value.Bytes));
                    }
                }

                xml.Close();
                break;
        }
    }

    private MetaValue? CheckedMeta(Package package, string name)
    {
        var value = package.FindMeta(name);
        if (value is null)
        {
            session.Log.Write(Verbosity.Error, $"derivation '{package.Name.Full}' has invalid meta attribute '{name}'");
        }

        return value;
    }

    private IEnumerable<(string Name, string? Path)> Outputs(Package package) => columns.OutPath
        ? package.Outputs(onlyInstalled: false).Select(o => (o.Name, (string?)session.StoreDirectory.Absolute(o.Path)))
        : package.OutputNames.Select(n => (n, (string?)null));

    private static string Description(Package package) =>
        package.FindMeta("description") is MetaValue.Text text ? text.Value.ToString() : "";
}
