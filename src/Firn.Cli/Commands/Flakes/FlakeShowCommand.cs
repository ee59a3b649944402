using System.Text;
using Firn.Cli.Parsing;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Flakes;
using Firn.Model.Diagnostics;
using Firn.Model.Text.Json;
using Firn.Sessions;

namespace Firn.Cli.Commands.Flakes;

/// <summary><c>nix flake show</c>: lists what a flake offers.</summary>
internal sealed class FlakeShowCommand : FlakeCommand
{
    private readonly JsonOptions _json = new();
    private bool _allSystems;
    private bool _legacy;

    public override string Summary => "show the outputs provided by a flake";

    public override string Examples => """
        # What the flake in this folder offers for this kind of machine:
        $ nix flake show
        # And for all others:
        $ nix flake show --all-systems
        """;

    public override void SetDefaults(CommonOptions options)
    {
        base.SetDefaults(options);
        options.Set("allow-import-from-derivation", "false");
    }

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        _json.Declare(grammar);
        grammar
            .Flag("legacy", "Show the contents of the legacyPackages output.", () => _legacy = true)
            .Flag("all-systems", "Show the contents of outputs for all systems.", () => _allSystems = true);
    }

    public override int Run(Session session, Output output)
    {
        var source = Source(session);
        source.Run((eval, outputs) =>
        {
            var tree = new OutputTree(eval, session, _allSystems, _legacy);
            var root = tree.Read(outputs, []);
            if (_json.IsWanted)
            {
                var json = new JsonWriter(_json.IsPretty ? 2 : 0);
                Write(json, root);
                output.Line(Encoding.UTF8.GetString(json.Written));
                tree.WarnOfOmitted();
            }
            else
            {
                output.Line(source.Locked.Flake.Locked.ToText(session.Flakes.Forms));
                Print(output, root, "");
            }

            return 0;
        });
        return 0;
    }

    private static void Print(Output output, OutputNode node, string prefix)
    {
        for (var i = 0; i < node.Inner.Count; i++)
        {
            var (name, inner) = node.Inner[i];
            var isLast = i == node.Inner.Count - 1;
            output.Line($"{prefix}{(isLast ? "└───" : "├───")}{name}{inner.Text}");
            Print(output, inner, prefix + (isLast ? "    " : "│   "));
        }
    }

    private static void Write(JsonWriter json, OutputNode node)
    {
        json.StartObject();
        var members = node.Inner.Select(i => (i.Name, Write: (Action)(() => Write(json, i.Node))))
            .Concat(node.Members.Select(m => (m.Name, Write: (Action)(() => json.String(Encoding.UTF8.GetBytes(m.Value))))));
        foreach (var (name, write) in members.OrderBy(m => m.Name, Model.Text.Utf8Order.Comparer))
        {
            json.Key(Encoding.UTF8.GetBytes(name));
            write();
        }

        json.EndObject();
    }
}

/// <summary>An output of a flake, or a set of them.</summary>
/// <param name="Text">What stands behind its name.</param>
/// <param name="Members">What its JSON says of itself.</param>
/// <param name="Inner">What is in it.</param>
internal sealed record OutputNode(string Text, IReadOnlyList<(string Name, string Value)> Members, IReadOnlyList<(string Name, OutputNode Node)> Inner)
{
    public static OutputNode Leaf(string text, params (string, string)[] members) => new(text, members, []);
}

/// <summary>Finds out what a flake offers, and evaluates no more of it than that needs.</summary>
internal sealed class OutputTree(Evaluator eval, Session session, bool allSystems, bool legacy)
{
    private readonly string _system = session.Get<Firn.Building.BuildSettings>().System;
    private readonly List<string> _omitted = [];

    /// <summary>Tells what was left out.</summary>
    public void WarnOfOmitted() => _omitted.ForEach(o => session.Log.Write(Verbosity.Warning, o));

    public OutputNode Read(Value value, string[] path)
    {
        OutputNode? node = null;
        var failure = Attempt.Run(eval, () => node = ReadValue(value, path));
        return failure is null ? node!
            : path is ["legacyPackages", ..] ? OutputNode.Leaf("")
            : Attempt.IsImportFromDerivation(failure) && path is not [] ? Omit(path, " omitted due to use of import from derivation")
            : throw failure;
    }

    private OutputNode ReadValue(Value value, string[] path)
    {
        switch (path)
        {
            case []:
            case ["defaultPackage" or "devShell" or "formatter" or "nixosConfigurations" or "nixosModules" or "defaultApp" or "templates" or "overlays"]:
            case ["checks" or "packages" or "devShells" or "apps" or "legacyPackages"]:
            case ["checks" or "packages" or "devShells" or "apps", _]:
                return ReadAll(value, path);
            case ["defaultPackage" or "devShell" or "formatter", var system]:
                return IsOmitted(system) ? Omit(path, " omitted (use '--all-systems' to show)") : ReadPackage(value, path);
            case ["checks" or "packages" or "devShells", var system, _]:
                return IsOmitted(system) ? Omit(path, " omitted (use '--all-systems' to show)") : ReadPackage(value, path);
            case ["hydraJobs", ..]:
                return IsDerivation(value) ? Describe(value, "derivation") : ReadAll(value, path);
            case ["legacyPackages", var system, ..]:
                return !legacy ? Omit(path, " omitted (use '--legacy' to show)")
                    : IsOmitted(system) ? Omit(path, " omitted (use '--all-systems' to show)")
                    : IsDerivation(value) ? Describe(value, "package")
                    : path.Length <= 2 ? ReadAll(value, path)
                    : OutputNode.Leaf("");
            case ["defaultApp", _]:
            case ["apps", _, _]:
                return ReadApp(value, path);
            case ["defaultTemplate"]:
            case ["templates", _]:
                var description = Text(value, "description") ?? throw new FlakeException(FlakeErrors.BadOutput, $"template '{string.Join('.', path)}' lacks attribute 'description'");
                return OutputNode.Leaf($": template: {description}", ("type", "template"), ("description", description));
            default:
                var (type, text) = path switch
                {
                    ["overlay"] or ["overlays", _] => ("nixpkgs-overlay", "Nixpkgs overlay"),
                    ["nixosConfigurations", _] => ("nixos-configuration", "NixOS configuration"),
                    ["nixosModule"] or ["nixosModules", _] => ("nixos-module", "NixOS module"),
                    _ => ("unknown", "unknown"),
                };
                return OutputNode.Leaf($": {text}", ("type", type));
        }
    }

    private OutputNode ReadAll(Value value, string[] path)
    {
        var set = Set(value, path);
        var inner = set.ByName(eval.Symbols).Where(a => HasContent(a.Value, [.. path, a.Name.ToString()]))
            .Select(a => (a.Name.ToString(), Read(a.Value, [.. path, a.Name.ToString()]))).ToList();
        return new OutputNode("", [], inner);
    }

    /// <summary>Frameworks give all attributes that there could be, to be lazy; those with nothing in them are no outputs.</summary>
    private bool HasContent(Value value, string[] path)
    {
        var has = true;
        if (path is ["apps" or "checks" or "devShells" or "legacyPackages" or "packages"] or ["apps" or "checks" or "devShells" or "legacyPackages" or "packages", _]
            or ["formatter" or "nixosConfigurations" or "nixosModules" or "overlays"])
        {
            _ = Attempt.Run(eval, () => has = eval.Force(value).AsSet is not { } set || set.ByName(eval.Symbols).Any(a => HasContent(a.Value, [.. path, a.Name.ToString()])));
        }

        return has;
    }

    private OutputNode ReadPackage(Value value, string[] path)
    {
        if (IsDerivation(value))
        {
            return Describe(value, path[0] is "devShell" or "devShells" ? "development environment" : path[0] == "checks" ? "derivation" : "package");
        }

        session.Log.Write(Verbosity.Warning, $"{string.Join('.', path)}.name is not a derivation");
        return OutputNode.Leaf("");
    }

    private OutputNode Describe(Value value, string kind)
    {
        var name = Text(value, "name") ?? "";
        return OutputNode.Leaf($": {kind} '{name}'", ("type", "derivation"), ("name", name), ("description", MetaDescription(value) ?? ""));
    }

    private OutputNode ReadApp(Value value, string[] path)
    {
        if (Text(value, "type") != "app")
        {
            throw new FlakeException(FlakeErrors.BadOutput, "not an app definition", $"It stands at '{string.Join('.', path)}'.");
        }

        var description = MetaDescription(value);
        (string, string)[] members = description is null ? [("type", "app")] : [("type", "app"), ("description", description)];
        return OutputNode.Leaf($": app: {description ?? "no description"}", members);
    }

    private string? MetaDescription(Value value) =>
        eval.Force(value).AsSet is { } set && set.Find(eval.Symbols.Intern("meta")) is { } meta ? Text(meta, "description") : null;

    private string? Text(Value value, string name) =>
        eval.Force(value).AsSet is { } set && set.Find(eval.Symbols.Intern(name)) is { } found ? eval.Force(found).AsString?.ToString() : null;

    private AttributeSet Set(Value value, string[] path) => eval.Force(value) switch
    {
        { AsSet: { } set } => set,
        var other => throw new FlakeException(FlakeErrors.BadOutput, $"flake output '{string.Join('.', path)}' is {other.Description} while a set was expected"),
    };

    private bool IsDerivation(Value value) => eval.Force(value).AsSet is { } set && eval.IsDerivation(set);

    private bool IsOmitted(string system) => !allSystems && system != _system;

    private OutputNode Omit(string[] path, string why)
    {
        _omitted.Add(string.Join('.', path) + why);
        return OutputNode.Leaf(why);
    }
}
