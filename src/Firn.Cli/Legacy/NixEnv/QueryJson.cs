using System.Text;
using Firn.Model.Text.Json;
using Firn.Profiles.UserEnvironments;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>Writes packages as <c>nix-env --query --json</c> does.</summary>
internal sealed class QueryJson(JsonWriter json, Session session, QueryColumns columns)
{
    /// <summary>Writes a package as a member of the object that is open.</summary>
    public void Write(Package package)
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
                WriteMeta(package.CheckedMeta(name, session.Log));
            }

            json.EndObject();
        }

        Text("name", package.Name.Full);
        Text("outputName", package.OutputName);
        json.Key("outputs"u8);
        json.StartObject();
        foreach (var (name, path) in columns.OutputsOf(package, session))
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

    private void WriteMeta(MetaValue? value)
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
                    WriteMeta(item);
                }

                json.EndArray();
                break;
            case MetaValue.Set set:
                json.StartObject();
                foreach (var (name, item) in set.Attributes)
                {
                    json.Key(Encoding.UTF8.GetBytes(name));
                    WriteMeta(item);
                }

                json.EndObject();
                break;
        }
    }
}
