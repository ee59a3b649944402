using System.Globalization;
using System.Text;
using Firn.Model.Text;
using Firn.Profiles.UserEnvironments;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>Writes packages as <c>nix-env --query --xml</c> does.</summary>
internal sealed class QueryXml(XmlText xml, Session session, QueryColumns columns, PackageFacts facts)
{
    /// <summary>Writes a package as an element.</summary>
    public void Write(Package package)
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
        Add(columns.Description, "description", () => package.Description);
        xml.Open("item", [.. attributes]);
        foreach (var (name, path) in columns.OutputsOf(package, session))
        {
            xml.Empty("output", path is null ? [new("name", name)] : [new("name", name), new("path", path)]);
        }

        if (columns.Meta)
        {
            foreach (var name in package.MetaNames)
            {
                WriteMeta(name, package.CheckedMeta(name, session.Log));
            }
        }

        xml.Close();
    }

    private void WriteMeta(string name, MetaValue? value)
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
}
