using Firn.Cli.Evaluating;
using Firn.Cli.Installables;
using Firn.Cli.Realising;
using Firn.Evaluation;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Values;
using Firn.Flakes;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Text;
using Firn.Profiles.Packages;
using Firn.Sessions;

namespace Firn.Cli.Running;

/// <summary>Finds the program that an installable means, and has it built.</summary>
internal sealed class AppFinder(Session session)
{
    /// <summary>Returns the program's path in the store.</summary>
    /// <exception cref="FirnException">It is no app and no derivation, or cannot be built.</exception>
    public string Find(Installable installable)
    {
        var value = installable as ValueInstallable ?? throw new CommandException($"'{installable.What}' is an object of the store, which says not which program is meant");
        var app = value is FlakeInstallable flake
            ? flake.EvaluateAt((eval, found, path) => Read(eval, found, path))
            : value.Evaluate((eval, found) => Read(eval, found, ""));
        Builds.RunInstallables(session, app.Needed, BuildMode.Normal);
        var program = app.Program;
        foreach (var (placeholder, path) in app.Placeholders)
        {
            program = program.Replace(placeholder, session.StoreDirectory.Absolute(InstallablePaths.OutputsOf(session.Store, path).First()), StringComparison.Ordinal);
        }

        return session.StoreDirectory.Contains(program)
            ? program
            : throw new FlakeException(FlakeErrors.BadOutput, $"app program '{program}' is not in the Nix store");
    }

    private static App Read(Evaluator eval, Value value, string path)
    {
        if (value.AsSet is not { } set)
        {
            throw new FlakeException(FlakeErrors.BadOutput, $"attribute '{path}' is {value.Description} while an app or a derivation was expected");
        }

        string? Text(AttributeSet from, string name) => from.Find(eval.Symbols.Intern(name)) is { } found ? eval.Force(found).AsString?.ToString() : null;

        var type = Text(set, "type");
        var expected = path.StartsWith("apps.", StringComparison.Ordinal) || path.StartsWith("defaultApp.", StringComparison.Ordinal) ? "app" : "derivation";
        if (type != expected)
        {
            throw new FlakeException(
                FlakeErrors.BadOutput, $"attribute '{path}' should have type '{expected}'",
                expected == "app" ? "An app is a set: { type = \"app\"; program = \"…\"; }. A package stands in 'packages'." : "Apps stand in 'apps'.");
        }

        if (type == "app")
        {
            var program = eval.Force(set.Find(eval.Symbols.Intern("program")) ?? throw Lacks(eval, set, path));
            return Of(program.AsString ?? throw new FlakeException(FlakeErrors.BadOutput, $"the program of app '{path}' is {program.Description} while a string was expected"), "");
        }

        var meta = set.Find(eval.Symbols.Intern("meta")) is { } described ? eval.Force(described).AsSet : null;
        var main = (meta is { } known ? Text(known, "mainProgram") : null) ?? Text(set, "pname") ?? PackageName.Parse(Text(set, "name") ?? "").Name;
        return Of(eval.Force(set.Find(eval.Symbols.Intern("outPath"))!.Value).AsString!.Value, "/bin/" + main);
    }

    private static FlakeException Lacks(Evaluator eval, AttributeSet app, string path)
    {
        var names = app.ByName(eval.Symbols).ToList();
        var near = Suggestions.Nearest("program", names.Select(a => a.Name.ToString()));
        return new FlakeException(new Diagnostic(FlakeErrors.BadOutput, $"app '{path}' lacks attribute 'program'")
        {
            Span = eval.Sources.Span(names.Where(a => near.Count == 0 || a.Name.ToString() == near[0]).Select(a => a.Position).Where(p => p > 0).DefaultIfEmpty().Min()),
            Hints = ["An app is a set: { type = \"app\"; program = \"…\"; }."],
        });
    }

    private static App Of(NixString text, string rest)
    {
        var (needed, placeholders) = (new List<DerivedPath>(), new List<(string, DerivedPath)>());
        foreach (var element in text.Context is { } context ? context.Elements : [])
        {
            switch (element)
            {
                case ContextElement.Output output:
                    var path = EvaluationBuilds.PathOf(output).ToDerivedPath();
                    needed.Add(path);
                    placeholders.Add((Placeholder.OfInput(output.Derivation, output.Through.IsDefaultOrEmpty ? output.Name : output.Through[0]).ToString(), path));
                    break;
                case ContextElement.Opaque opaque:
                    needed.Add(new DerivedPath.Opaque(opaque.Object));
                    break;
                default:
                    needed.Add(DerivedPath.Of(element.Path, OutputsSpec.All.Instance));
                    break;
            }
        }

        return new App(text + rest, needed, placeholders);
    }

    private sealed record App(string Program, List<DerivedPath> Needed, List<(string Placeholder, DerivedPath Path)> Placeholders);
}
