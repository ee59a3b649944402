using System.Collections.Immutable;
using System.Globalization;
using Firn.Building;
using Firn.Building.BuiltinBuilders;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Realising;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Profiles.UserEnvironments;
using Firn.Sessions;

namespace Firn.Cli.Commands.Profiles;

/// <summary><c>nix profile add</c>: adds packages to a profile.</summary>
internal sealed class ProfileAddCommand : ProfileCommand
{
    private readonly InstallableOptions _installables = new();
    private int? _priority;

    public override string Summary => "add a package to a profile";

    public override string Examples => """
        # Add a package of a flake, to be upgraded from there:
        $ nix profile add nixpkgs#hello
        # Another whose files win over those of the same name:
        $ nix profile add ./mine#hello --priority 4
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        _installables.Declare(grammar);
        grammar.Value("priority", "priority", "The priority of the package to add; lower numbers win where files collide.", v =>
            _priority = int.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new UsageException($"'{v}' is not a priority", "A priority is a whole number; 5 is the one of packages that say nothing."));
    }

    public override int Run(Session session, Output output)
    {
        var profile = Profile(session);
        var manifest = Read(session, profile);
        var installables = _installables.Parse(session);
        var outputs = Builds.Outputs(session, installables);
        foreach (var (installable, paths) in installables.Zip(outputs))
        {
            var (source, priority) = Describe(installable);
            var element = new ProfileElement
            {
                Name = null,
                StorePaths = [.. paths.Distinct().Order()],
                Source = source,
                Priority = _priority ?? priority ?? ProfileElement.DefaultPriority,
            };
            var named = ProfileManifest.Empty.Add(element).Elements[0];
            if (source is not null && manifest.Find(named.Name!) is { Source: { } known } same && same.Priority == element.Priority
                && (known.OriginalUrl, known.AttributePath) == (source.OriginalUrl, source.AttributePath))
            {
                session.Log.Write(Verbosity.Warning, $"'{named.Name}' is already added");
                continue;
            }

            manifest = manifest.Add(element);
        }

        try
        {
            Install(session, profile, manifest);
        }
        catch (LinkConflictException e)
        {
            throw Explain(session, manifest, e);
        }

        return 0;
    }

    /// <summary>Returns where a package comes from, and the priority that it gives itself.</summary>
    private static (ProfileElementSource? Source, int? Priority) Describe(Installable installable)
    {
        int? PriorityOf(Evaluator eval, Value value) => value.AsSet is { } set && eval.IsDerivation(set)
            && PackageAttributes.FindMeta(eval, set, "priority") is { } priority && eval.Force(priority).AsInt is { } number ? (int)number : null;
        switch (installable)
        {
            case FlakeInstallable flake:
                var (path, own) = flake.EvaluateAt((eval, value, path) => (path, PriorityOf(eval, value)));
                var (forms, found) = (flake.Source.Session.Flakes.Forms, flake.Source.Locked.Flake);
                return (new ProfileElementSource(found.Original.ToText(forms), found.Locked.ToText(forms), path, Names(flake.Outputs)), own);
            case ValueInstallable value:
                return (null, value.Evaluate(PriorityOf));
            default:
                return (null, null);
        }
    }

    private static ImmutableArray<string>? Names(OutputsSpec? outputs) => outputs switch
    {
        OutputsSpec.Names names => [.. names.Outputs],
        OutputsSpec.All => ["*"],
        _ => null,
    };

    /// <summary>Says which package each of two files belongs to, and what can be done.</summary>
    private static BuildException Explain(Session session, ProfileManifest manifest, LinkConflictException conflict)
    {
        (string File, ProfileElement Element)? Owner(IEnumerable<ProfileElement> elements) => elements
            .SelectMany(e => e.StorePaths.Select(p => (Path: session.StoreDirectory.Absolute(p), Element: e)))
            .SelectMany(p => ((string[])[conflict.First, conflict.Second]).Where(f => f.StartsWith(p.Path, StringComparison.Ordinal)).Select(f => ((string, ProfileElement)?)(f, p.Element)))
            .FirstOrDefault();
        if (Owner(manifest.Elements) is not { } old || Owner(manifest.Elements.Reverse()) is not { } added)
        {
            throw conflict;
        }

        var again = added.Element.Source?.ToString() ?? string.Join(' ', added.Element.StorePaths.Select(session.StoreDirectory.Absolute));
        return new BuildException(BuildStatus.PermanentFailure, string.Create(CultureInfo.InvariantCulture, $"""
            An existing package already provides the following file:

              "{old.File}"

            This is the conflicting file from the new package:

              "{added.File}"

            To remove the existing package:

              nix profile remove {old.Element.Name}

            The new package can also be added next to the existing one by assigning a different priority.
            The conflicting packages have a priority of {conflict.Priority}.
            To prioritise the new package:

              nix profile add {again} --priority {conflict.Priority - 1}

            To prioritise the existing package:

              nix profile add {again} --priority {conflict.Priority + 1}
            """)).WithExitStatus(1);
    }
}
