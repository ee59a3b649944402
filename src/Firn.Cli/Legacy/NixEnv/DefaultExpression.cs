using System.Text;
using Firn.Evaluation;
using Firn.Evaluation.Host;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Model.Text;
using Firn.Profiles.Generations;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>The expression that packages are looked up in: a file, or all files below a folder such as <c>~/.nix-defexpr</c>.</summary>
internal sealed class DefaultExpression(Evaluator eval, IMessageLog log)
{
    private const int MaxExpressions = 1024;

    /// <summary>Makes the user's folder with links to the channels where it lacks.</summary>
    public static string Ensure(ProfileLocations locations)
    {
        var folder = locations.DefaultExpressions;
        if (Path.Exists(folder))
        {
            return folder;
        }

        try
        {
            Directory.CreateDirectory(folder);
            ProfileRunner.SwitchTo(folder + "/channels", locations.ChannelsProfile);
            if (!locations.IsRoot)
            {
                ProfileRunner.SwitchTo(folder + "/channels_root", locations.RootChannelsProfile);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FirnException)
        {
            // A home that cannot be written to: then there are no default packages.
        }

        return folder;
    }

    /// <summary>Evaluates the file at <paramref name="path"/>, or makes a set of the expressions below the folder there.</summary>
    public Value Evaluate(string path)
    {
        var real = eval.Host.Files.Resolve(path);
        if (IsExpression(real))
        {
            return eval.Files.EvaluateFile(path);
        }

        if (eval.Host.Files.FindKind(real) != FileKind.Directory)
        {
            throw new CommandException($"path '{path}' is not a directory or a Nix expression");
        }

        // Written as an expression, each file is only read when something in it is needed.
        var text = new StringBuilder("{ _combineChannels = [ ]; ");
        AddAll(path, new HashSet<string>(StringComparer.Ordinal), text);
        return eval.Files.EvaluateText(text.Append('}').ToString());
    }

    private bool IsExpression(string real) => eval.Host.Files.FindKind(real) switch
    {
        FileKind.Regular => true,
        FileKind.Directory => eval.Host.Files.FindKind(eval.Host.Files.Resolve(real + "/default.nix")) is not null,
        _ => false,
    };

    private void AddAll(string folder, HashSet<string> seen, StringBuilder text)
    {
        var real = eval.Host.Files.Resolve(folder);
        foreach (var name in eval.Host.Files.ReadDirectory(real).Select(e => e.Name).Order(Utf8Order.Comparer))
        {
            var path = eval.Host.Files.Resolve($"{real}/{name}");

            // A channel is a profile, and its manifest no package; a link may lead nowhere.
            if (name == "manifest.nix" || eval.Host.Files.FindKind(path) is not { } kind)
            {
                continue;
            }

            if (IsExpression(path) && (kind != FileKind.Regular || path.EndsWith(".nix", StringComparison.Ordinal)))
            {
                Add(name.EndsWith(".nix", StringComparison.Ordinal) ? name[..^".nix".Length] : name, path, folder, seen, text);
            }
            else if (kind == FileKind.Directory)
            {
                AddAll(path, seen, text);
            }
        }
    }

    private void Add(string attribute, string path, string folder, HashSet<string> seen, StringBuilder text)
    {
        if (!seen.Add(attribute))
        {
            var isOfChannels = path.Contains("channels", StringComparison.Ordinal) && folder.Contains("channels", StringComparison.Ordinal);
            log.Write(Verbosity.Warning, $"name collision in input Nix expressions, skipping '{path}'"
                + (isOfChannels ? $"\nsuggestion: remove '{attribute}' from either the root channels or the user channels" : ""));
            return;
        }

        if (seen.Count == MaxExpressions)
        {
            throw new CommandException($"too many Nix expressions in directory '{folder}'");
        }

        text.Append(Quote(attribute)).Append(" = import (/. + ").Append(Quote(path)).Append("); ");
    }

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal)}\"";
}
