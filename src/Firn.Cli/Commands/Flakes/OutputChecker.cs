using Firn.Building;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Flakes;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Commands.Flakes;

/// <summary>Checks that each output of a flake is what its name promises.</summary>
internal sealed class OutputChecker(Evaluator eval, Session session, bool allSystems, bool keepsGoing)
{
    private static readonly Dictionary<string, string> _replaced = new()
    {
        ["defaultPackage"] = "packages.<system>.default",
        ["defaultApp"] = "apps.<system>.default",
        ["defaultTemplate"] = "templates.default",
        ["defaultBundler"] = "bundlers.<system>.default",
        ["overlay"] = "overlays.default",
        ["devShell"] = "devShells.<system>.default",
        ["nixosModule"] = "nixosModules.default",
    };

    // What others made up and look after themselves.
    private static readonly HashSet<string> _unchecked =
    [
        "lib", "darwinConfigurations", "darwinModules", "flakeModule", "flakeModules", "herculesCI", "homeConfigurations", "homeModule", "homeModules",
        "nixopsConfigurations",
    ];

    private readonly string _system = session.Get<BuildSettings>().System;
    private readonly Dictionary<StorePath, List<string>> _checks = [];

    // Where the output is defined that is being looked at.
    private int _place;

    /// <summary>What is to be built, and which checks need it.</summary>
    public IReadOnlyDictionary<StorePath, List<string>> Checks => _checks;

    /// <summary>The systems of which nothing was looked at.</summary>
    public SortedSet<string> OmittedSystems { get; } = new(Model.Text.Utf8Order.Comparer);

    /// <summary>Whether something is wrong that was told already.</summary>
    public bool HasFailed { get; private set; }

    public void Check(AttributeSet outputs)
    {
        foreach (var (name, value, place) in outputs.ByName(eval.Symbols))
        {
            _place = place;
            var output = name.ToString();
            Try($"while checking flake output '{output}'", () => CheckOutput(output, value));
        }
    }

    private void CheckOutput(string name, Value value)
    {
        eval.Force(value);
        if (_replaced.TryGetValue(name, out var replacement))
        {
            session.Log.Write(Verbosity.Warning, $"flake output attribute '{name}' is deprecated; use '{replacement}' instead");
        }

        switch (name)
        {
            case "checks":
                EachOfSystem(value, name, (path, found) => CheckDerivation(path, found, path.StartsWith($"checks.{_system}.", StringComparison.Ordinal)));
                break;
            case "packages" or "devShells":
                EachOfSystem(value, name, (path, found) => CheckDerivation(path, found, isCheck: false));
                break;
            case "formatter" or "defaultPackage" or "devShell":
                EachSystem(value, name, (path, found) => CheckDerivation(path, found, isCheck: false));
                break;
            case "apps":
                EachOfSystem(value, name, CheckApp);
                break;
            case "defaultApp":
                EachSystem(value, name, CheckApp);
                break;
            case "legacyPackages":
                EachSystem(value, name, (_, _) => { });
                break;
            case "overlay":
                CheckOverlay(name, value);
                break;
            case "overlays":
                Each(value, name, CheckOverlay);
                break;
            case "nixosModule":
                CheckModule(name, value);
                break;
            case "nixosModules":
                Each(value, name, CheckModule);
                break;
            case "nixosConfigurations":
                Each(value, name, CheckConfiguration);
                break;
            case "hydraJobs":
                CheckJobs(name, value);
                break;
            case "defaultTemplate":
                CheckTemplate(name, value);
                break;
            case "templates":
                Each(value, name, CheckTemplate);
                break;
            case "defaultBundler":
                EachSystem(value, name, CheckBundler);
                break;
            case "bundlers":
                EachOfSystem(value, name, CheckBundler);
                break;
            case var other when !_unchecked.Contains(other):
                session.Log.Write(Verbosity.Warning, $"unknown flake output '{other}'");
                break;
        }
    }

    private void CheckDerivation(string path, Value value, bool isCheck) => Try($"while checking the derivation '{path}'", () =>
    {
        session.Log.Write(Verbosity.Info, $"checking derivation {path}...");
        if (eval.Force(value).AsSet is not { } set || !eval.IsDerivation(set))
        {
            throw Bad($"flake attribute '{path}' is not a derivation");
        }

        var found = new FoundDerivation(path, set);
        found.Name(eval);
        var derivation = found.DerivationPath(eval);
        session.Log.Write(Verbosity.Info, $"derivation evaluated to {session.StoreDirectory.Absolute(derivation)}");
        if (isCheck)
        {
            if (!_checks.TryGetValue(derivation, out var paths))
            {
                _checks[derivation] = paths = [];
            }

            paths.Add(path);
        }
    });

    private void CheckApp(string path, Value value) => Try($"while checking the app definition '{path}'", () =>
    {
        var app = Set(value, path);
        foreach (var needed in (ReadOnlySpan<string>)["type", "program"])
        {
            Text(app, needed, $"app '{path}'", _ => throw Bad($"app '{path}' lacks attribute '{needed}'"));
        }

        if (app.Find(eval.Symbols.Intern("meta")) is { } meta)
        {
            Text(Set(meta, path + ".meta"), "description", $"app '{path}'", _ => session.Log.Write(Verbosity.Warning, $"app '{path}' lacks attribute 'meta.description'"));
        }
        else
        {
            session.Log.Write(Verbosity.Warning, $"app '{path}' lacks attribute 'meta'");
        }

        CheckNames(app, $"app '{path}'", ["type", "program", "meta"]);
    });

    private void CheckOverlay(string path, Value value) => Try($"while checking the overlay '{path}'", () =>
    {
        var overlay = eval.Force(value);
        if (!AutomaticCall.IsFunction(overlay))
        {
            throw Bad($"overlay is not a function, but {overlay.Description} instead");
        }

        if (AutomaticCall.ParameterName(overlay) is not ("final" or "_final" or "_"))
        {
            throw Bad("overlay does not take an argument named 'final'");
        }
    });

    private void CheckModule(string path, Value value) => Try($"while checking the NixOS module '{path}'", () => eval.Force(value));

    private void CheckConfiguration(string path, Value value) => Try($"while checking the NixOS configuration '{path}'", () =>
    {
        var (system, _) = SelectionPath.Find(eval, "config.system.build.toplevel", AttributeSet.Empty, value);
        if (eval.Force(system).AsSet is not { } set || !eval.IsDerivation(set))
        {
            throw Bad("attribute 'config.system.build.toplevel' is not a derivation");
        }
    });

    private void CheckJobs(string path, Value value) => Try($"while checking the Hydra jobset '{path}'", () =>
    {
        var set = Set(value, path);
        if (eval.IsDerivation(set))
        {
            throw Bad("jobset should not be a derivation at top-level");
        }

        foreach (var (name, job, _) in set.ByName(eval.Symbols))
        {
            var inner = $"{path}.{name}";
            if (eval.IsDerivation(Set(job, inner)))
            {
                CheckDerivation(inner, job, isCheck: false);
            }
            else
            {
                CheckJobs(inner, job);
            }
        }
    });

    private void CheckTemplate(string path, Value value) => Try($"while checking the template '{path}'", () =>
    {
        var template = Set(value, path);
        var folder = eval.PathOf(template.Find(eval.Symbols.Intern("path")) ?? throw Bad($"template '{path}' lacks attribute 'path'"));
        if (!Path.Exists(eval.Host.Store.RealPath(folder)))
        {
            throw Bad($"template '{path}' refers to a non-existent path '{folder}'");
        }

        Text(template, "description", $"template '{path}'", _ => throw Bad($"template '{path}' lacks attribute 'description'"));
        CheckNames(template, $"template '{path}'", ["path", "description", "welcomeText"]);
    });

    private void CheckBundler(string path, Value value) => Try($"while checking the bundler '{path}'", () =>
    {
        if (!AutomaticCall.IsFunction(eval.Force(value)))
        {
            throw Bad("bundler must be a function");
        }
    });

    private void CheckNames(AttributeSet set, string what, string[] known)
    {
        if (set.ByName(eval.Symbols).Select(a => a.Name.ToString()).FirstOrDefault(n => !known.Contains(n)) is { } unknown)
        {
            throw Bad($"{what} has unsupported attribute '{unknown}'");
        }
    }

    private void Text(AttributeSet set, string name, string what, Action<string> onMissing)
    {
        if (set.Find(eval.Symbols.Intern(name)) is not { } value)
        {
            onMissing(name);
        }
        else if (eval.Force(value).AsString is null)
        {
            throw Bad($"'{name}' of {what} is {eval.Force(value).Description} while a string was expected");
        }
    }

    private void Each(Value value, string path, Action<string, Value> check)
    {
        foreach (var (name, inner, place) in Set(value, path).ByName(eval.Symbols))
        {
            _place = place;
            check($"{path}.{name}", inner);
        }
    }

    private void EachSystem(Value value, string path, Action<string, Value> check) => Each(value, path, (inner, found) =>
    {
        var system = inner[(path.Length + 1)..];
        if (!system.Contains('-'))
        {
            Report(Bad($"'{system}' is not a valid system type, at '{inner}'"));
        }

        if (allSystems || system == _system)
        {
            check(inner, found);
        }
        else
        {
            OmittedSystems.Add(system);
        }
    });

    private void EachOfSystem(Value value, string path, Action<string, Value> check) => EachSystem(value, path, (inner, found) => Each(found, inner, check));

    private AttributeSet Set(Value value, string path) => eval.Force(value) switch
    {
        { AsSet: { } set } => set,
        var other => throw Bad($"'{path}' is {other.Description} while a set was expected"),
    };

    /// <summary>Checks something; what is wrong ends the whole, or is told when the user wants to see all.</summary>
    private void Try(string doing, Action check)
    {
        if (!keepsGoing)
        {
            try
            {
                check();
            }
            catch (FlakeException e) when (e.Diagnostic.Notes.IsDefaultOrEmpty)
            {
                throw new FlakeException(e.Diagnostic with { Notes = [doing] });
            }

            return;
        }

        try
        {
            if (Attempt.Run(eval, check) is { } failure)
            {
                Report(new FlakeException(failure.Diagnostic with { Notes = [.. failure.Diagnostic.Notes, doing] }));
            }
        }
        catch (FlakeException e)
        {
            Report(new FlakeException(e.Diagnostic with { Notes = [doing] }));
        }
    }

    private void Report(FlakeException failure)
    {
        if (!keepsGoing)
        {
            throw failure;
        }

        HasFailed = true;
        if (session.Log is Rendering.IDiagnosticLog log)
        {
            log.Write(failure.Diagnostic, showsTrace: false);
        }
    }

    private FlakeException Bad(string message) => new(new Diagnostic(FlakeErrors.BadOutput, message) { Span = eval.Sources.Span(_place) });
}
