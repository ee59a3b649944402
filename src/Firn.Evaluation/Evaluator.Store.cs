using System.Collections.Immutable;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Values;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text.Regexes;

namespace Firn.Evaluation;

/// <summary>Strings and paths that stand for things in the store.</summary>
public sealed partial class Evaluator
{
    private readonly Dictionary<Model.Text.ByteString, PosixRegex> _regexes = [];

    /// <summary>Returns the string that stands for an output: its path, or a placeholder where the path is not known yet.</summary>
    internal NixString OutputString(ContextElement.Output output, StorePath? known) => NixString.Of(
        known is null
            ? PlaceholderOf(output).ToString()
            : Host.Store.Directory.Absolute(known),
        StringContext.Of(output));

    /// <summary>Returns the absolute path of an object, as a string with this context.</summary>
    internal NixString PathString(StorePath path, StringContext context)
    {
        var prefix = Host.Store.Directory.Prefix;
        var text = NixString.Make(prefix.Length + path.Bytes.Length, context, out var target);
        prefix.CopyTo(target);
        path.Bytes.CopyTo(target[prefix.Length..]);
        return text;
    }

    private static Placeholder PlaceholderOf(ContextElement.Output output)
    {
        ImmutableArray<string> chain = [.. output.Through.IsDefault ? [] : output.Through, output.Name];
        return chain.Skip(1).Aggregate(Placeholder.OfInput(output.Derivation, chain[0]), Placeholder.OfDynamic);
    }

    /// <summary>Reads a hash; an empty one stands for zeros, so that the right one can be learnt from the error.</summary>
    internal Hash ParseHashAllowingEmpty(string text, HashAlgorithm? algorithm)
    {
        if (text.Length > 0)
        {
            return Hash.Parse(text, algorithm);
        }

        if (algorithm is not { } known)
        {
            throw Error(EvaluationErrors.BadArgument, 0, "empty hash requires explicit hash algorithm");
        }

        var zero = Hash.Zero(known);
        Host.Tell(Evaluation.Host.MessageKind.Warning, $"found empty hash, assuming '{zero.ToString(HashFormat.Sri)}'");
        return zero;
    }

    /// <summary>Returns the compiled form of a regular expression.</summary>
    internal PosixRegex RegexOf(NixString pattern)
    {
        var key = new Model.Text.ByteString(pattern.Bytes.ToArray());
        if (!_regexes.TryGetValue(key, out var regex))
        {
            try
            {
                _regexes[key] = regex = PosixRegex.Parse(pattern.Bytes);
            }
            catch (RegexException failure)
            {
                throw Error(EvaluationErrors.BadArgument, 0, failure.Diagnostic.Message);
            }
        }

        return regex;
    }

    /// <summary>Turns a value into a path that can be read: what it depends on is built first.</summary>
    /// <param name="value">A path or a string.</param>
    /// <param name="position">Where an error happens.</param>
    /// <param name="followsLast">Whether a link at its very end is meant to be followed.</param>
    internal string RealisePath(Value value, int position, bool followsLast = true)
    {
        var path = CoerceToPath(value, position, "while realising the context of a path", out var context);
        if (context is not null)
        {
            path = Realise(path, context, position);
        }

        return CheckLinks(path, followsLast, position);
    }

    /// <summary>Builds what a context names; placeholders of its outputs in <paramref name="text"/> become paths.</summary>
    internal string Realise(string text, StringContext context, int position)
    {
        var outputs = context.Elements.OfType<ContextElement.Output>().ToList();
        foreach (var element in context.Elements)
        {
            if (!Host.Store.IsValid(element.Path))
            {
                throw Error(
                    EvaluationErrors.FileNotFound, position, $"path '{Host.Store.Directory.Absolute(element.Path)}' is not valid");
            }
        }

        if (outputs.Count == 0)
        {
            return text;
        }

        var first = Host.Store.Directory.Absolute(outputs[0].Derivation) + "^" + outputs[0].Name;
        if (!Settings.AllowImportFromDerivation)
        {
            throw Error(
                EvaluationErrors.Forbidden, position,
                $"cannot build '{first}' during evaluation because the option 'allow-import-from-derivation' is disabled");
        }

        if (Settings.TraceImportFromDerivation)
        {
            Host.Tell(Evaluation.Host.MessageKind.Warning, $"built '{first}' during evaluation due to an import from derivation");
        }

        foreach (var (placeholder, path) in Host.Store.Realise(outputs))
        {
            text = text.Replace(placeholder, path, StringComparison.Ordinal);
            if (Host.Store.Directory.TryParse(path, out var stored))
            {
                AllowClosure(stored);
            }
        }

        return text;
    }

    /// <summary>Lets expressions read a store object and what it refers to.</summary>
    internal void AllowClosure(StorePath path)
    {
        if (Settings.PureEval || Settings.RestrictEval)
        {
            var pending = new Stack<StorePath>([path]);
            while (pending.TryPop(out var next))
            {
                if (_shared.Allowed.TryAdd(Host.Store.Directory.Absolute(next), true))
                {
                    foreach (var reference in Host.Store.References(next))
                    {
                        pending.Push(reference);
                    }
                }
            }
        }
    }

    /// <summary>Returns the path of an object that was just put in as a string; it may be read.</summary>
    internal NixString StoredString(StorePath path)
    {
        AllowAccess(Host.Store.Directory.Absolute(path));
        return NixString.Of(Host.Store.Directory.Absolute(path), StringContext.Of(new ContextElement.Opaque(path)));
    }
}
