using Firn.Cli.Parsing;
using Firn.Fetching.Inputs;
using Firn.Flakes.References;
using Firn.Flakes.Registries;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands.Registries;

/// <summary>A command that changes a registry: the user's own unless a file is named.</summary>
internal abstract class RegistryChangeCommand : Command
{
    private string? _file;

    public override void Declare(Grammar grammar) => grammar.Value("registry", "registry", "The registry to operate on.", v => _file = v);

    protected void Change(Session session, Func<FlakeRegistry, FlakeRegistry> change)
    {
        var file = _file ?? session.Flakes.Registries.UserFile;
        RegistryFiles.Write(change(session.Flakes.Registries.Read(RegistryKind.User, file)), file);
    }
}

/// <summary><c>nix registry list</c>: lists the names of flakes that are known.</summary>
internal sealed class RegistryListCommand : Command
{
    public override string Summary => "list available Nix flakes";

    public override void Declare(Grammar grammar) { }

    public override int Run(Session session, Output output)
    {
        var forms = session.Flakes.Forms;
        foreach (var registry in session.Flakes.Registries.List())
        {
            var kind = registry.Kind switch
            {
                RegistryKind.Flag => "flags ",
                RegistryKind.User => "user  ",
                RegistryKind.System => "system",
                _ => "global",
            };
            foreach (var entry in registry.Entries)
            {
                output.Line($"{kind} {forms.ToUrl(entry.From)} {entry.To.ToText(forms)}");
            }
        }

        return 0;
    }
}

/// <summary><c>nix registry add</c>: gives a flake a name.</summary>
internal sealed class RegistryAddCommand : RegistryChangeCommand
{
    private string _from = "";
    private string _to = "";

    public override string Summary => "add/replace flake in user flake registry";

    public override string Examples => """
        # Have nixpkgs mean a certain branch:
        $ nix registry add nixpkgs github:NixOS/nixpkgs/nixos-unstable
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        grammar.Position("from-url", v => _from = v).Position("to-url", v => _to = v);
    }

    public override int Run(Session session, Output output)
    {
        var forms = session.Flakes.Forms;
        var (from, to) = (FlakeReference.Parse(_from, forms).Input, FlakeReference.Parse(_to, forms));
        Change(session, registry => registry.With(from, to));
        return 0;
    }
}

/// <summary><c>nix registry remove</c>: takes a name away.</summary>
internal sealed class RegistryRemoveCommand : RegistryChangeCommand
{
    private string _url = "";

    public override string Summary => "remove flake from user flake registry";

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        grammar.Position("url", v => _url = v);
    }

    public override int Run(Session session, Output output)
    {
        var from = FlakeReference.Parse(_url, session.Flakes.Forms).Input;
        Change(session, registry => registry.Without(from));
        return 0;
    }
}

/// <summary><c>nix registry pin</c>: has a name mean from now on what it means today.</summary>
internal sealed class RegistryPinCommand : RegistryChangeCommand
{
    private string _url = "";
    private string? _locked;

    public override string Summary => "pin a flake to its current version or to the current version of a flake URL";

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        grammar.Position("url", v => _url = v).OptionalPosition("locked", v => _locked = v);
    }

    public override int Run(Session session, Output output)
    {
        var forms = session.Flakes.Forms;
        var from = FlakeReference.Parse(_url, forms);
        var (_, found, _) = session.Flakes.Sources.FetchTree(FlakeReference.Parse(_locked ?? _url, forms), RegistryUse.All);
        InputAttributes input = found.Input.Without("__final");
        if (!forms.IsLocked(input))
        {
            session.Log.Write(Verbosity.Warning, $"flake '{forms.ToUrl(input)}' is not locked");
        }

        Change(session, registry => registry.With(from.Input, new FlakeReference(input, from.Directory)));
        return 0;
    }
}

/// <summary><c>nix registry resolve</c>: says what names mean.</summary>
internal sealed class RegistryResolveCommand : Command
{
    private readonly List<string> _urls = [];

    public override string Summary => "resolve flake references using the registry";

    public override void Declare(Grammar grammar) => grammar.Rest("flake-refs", _urls.Add);

    public override int Run(Session session, Output output)
    {
        foreach (var url in _urls)
        {
            output.Line(session.Flakes.Resolve(FlakeReference.Parse(url, session.Flakes.Forms)).ToText(session.Flakes.Forms));
        }

        return 0;
    }
}
