using Firn.Building;
using Firn.Cli.Installables;
using Firn.Evaluation;
using Firn.Evaluation.Values;
using Firn.Flakes.Files;
using Firn.Flakes.Registries;
using Firn.Sessions;

namespace Firn.Cli.Completing;

/// <summary>Completes what only evaluation knows: flakes, their inputs, names of attributes.</summary>
internal sealed class ValueCompletion(Session session, InstallableOptions given, Completions completions)
{
    /// <summary>Adds folders and the names that registries know.</summary>
    public void AddFlakes(string prefix)
    {
        if (prefix.Length == 0)
        {
            completions.Add(".");
        }

        completions.AddFiles(prefix, onlyFolders: true);

        // What is a path is no name; and the registry may have to be downloaded.
        if (prefix.Length == 0 || prefix[0] is '.' or '/' or '~')
        {
            return;
        }

        foreach (var name in session.Flakes.Registries.List().SelectMany(r => r.Entries).Select(e => session.Flakes.Forms.ToUrl(e.From).ToString()))
        {
            const string plain = "flake:";
            completions.AddMatching(prefix, name.StartsWith(plain, StringComparison.Ordinal) ? [name, name[plain.Length..]] : [name]);
        }
    }

    /// <summary>Adds the names of what flakes need.</summary>
    public void AddInputs(string prefix, IEnumerable<string> flakes)
    {
        foreach (var flake in flakes)
        {
            var reference = session.Flakes.ParseWithFragment(Completions.ExpandHome(flake)).Reference;
            completions.AddMatching(prefix, session.Flakes.Sources.Fetch(reference, RegistryUse.All, InputPath.Top).File.Inputs.Keys);
        }
    }

    public void AddInstallables(string prefix)
    {
        if (given.Expressions.IsGiven)
        {
            completions.Kind = "attrs";
            AddAttributes(prefix);
        }
        else if (prefix.IndexOf('#') is >= 0 and var mark)
        {
            completions.Kind = "attrs";
            AddOutputs(prefix[..mark], prefix[(mark + 1)..]);
        }
        else
        {
            AddFlakes(prefix);
        }
    }

    /// <summary>Adds attributes of the expression that <c>--file</c> or <c>--expr</c> names.</summary>
    private void AddAttributes(string prefix)
    {
        var dot = prefix.LastIndexOf('.');
        var start = prefix[..(dot + 1)];
        var found = given.Expressions.Parse(session, [start.TrimEnd('.')], isReadOnly: true)[0].Evaluate((eval, value) => Names(eval, value, prefix[start.Length..]));
        foreach (var name in found)
        {
            completions.Add(start + name);
        }
    }

    private void AddOutputs(string flake, string fragment)
    {
        var isExact = fragment.StartsWith('.');
        var (root, path) = isExact ? (".", fragment[1..]) : ("", fragment);
        var system = session.Get<BuildSettings>().System;
        var start = path[..(path.LastIndexOf('.') + 1)];
        var reference = session.Flakes.Parse(Completions.ExpandHome(flake));
        var source = new FlakeSource(session, reference, given.Flakes.Build(session), given.Expressions.Evaluation, isReadOnly: true);
        var found = source.Run((eval, outputs) =>
        {
            var names = new List<string>();
            foreach (var prefix in isExact ? [""] : given.Attributes.PathsOf(":", system).Select(p => p[..^1]))
            {
                if (Find(eval, outputs, prefix + start) is { } value)
                {
                    names.AddRange(Names(eval, value, path[start.Length..]).Select(n => start + n));
                }
            }

            // What is meant where nothing is named.
            if (fragment.Length == 0 && given.Attributes.PathsOf("", system).Any(p => Find(eval, outputs, p) is not null))
            {
                names.Add("");
            }

            return names;
        });
        foreach (var name in found)
        {
            completions.Add($"{flake}#{root}{name}");
        }
    }

    private static List<string> Names(Evaluator eval, Value value, string prefix) => eval.Force(value).AsSet is { } set
        ? [.. set.ByName(eval.Symbols).Select(a => a.Name.ToString()).Where(n => n.StartsWith(prefix, StringComparison.Ordinal))]
        : [];

    private static Value? Find(Evaluator eval, AttributeSet outputs, string path)
    {
        Value value = outputs;
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (eval.Force(value).AsSet?.Find(eval.Symbols.Intern(name)) is not { } inner)
            {
                return null;
            }

            value = inner;
        }

        return value;
    }
}
