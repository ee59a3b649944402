using System.Buffers;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Values;
using Firn.Model.Text;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins over strings; lengths and positions count bytes.</summary>
internal static class Strings
{
    /// <summary>Turns a value into a string: numbers, booleans, null and lists too.</summary>
    [Builtin("toString", Global = true)]
    public static Value ToText(Evaluator eval, Value value) =>
        eval.CoerceToString(value, 0, "while evaluating the first argument passed to builtins.toString", Coercion.More);

    [Builtin("stringLength")]
    public static long StringLength(Evaluator eval, Value value) =>
        eval.CoerceToString(value, 0, "while evaluating the argument passed to builtins.stringLength", Coercion.CopyToStore).Length;

    /// <summary>Returns a part of a string; a negative length takes all that follows.</summary>
    [Builtin("substring")]
    public static Value Substring(Evaluator eval, long start, long length, Value value)
    {
        if (start < 0)
        {
            throw eval.Error(EvaluationErrors.IndexOutOfRange, 0, "negative start position in 'substring'");
        }

        var text = eval.CoerceToString(value, 0, "while evaluating the third argument (the string) passed to builtins.substring", Coercion.CopyToStore);
        if (start >= text.Length || length == 0)
        {
            return text.Context is null ? NixString.Empty : new NixString([], text.Context);
        }

        var count = length < 0 ? text.Length - start : Math.Min(length, text.Length - start);
        return count == text.Length ? text : new NixString(text.Bytes.Slice((int)start, (int)count), text.Context);
    }

    [Builtin("concatStringsSep")]
    public static Value ConcatStringsSep(Evaluator eval, NixString separator, NixList list)
    {
        if (list.Count == 0)
        {
            // The separator's context comes along all the same.
            return separator.Context is null ? NixString.Empty : new NixString([], separator.Context);
        }

        eval.OfferAll(list.Items, isForString: true);
        var parts = new NixString[(list.Count * 2) - 1];
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0)
            {
                parts[(i * 2) - 1] = separator;
            }

            parts[i * 2] = eval.CoerceToString(
                eval.Force(list.Items[i]), 0, "while evaluating one element of the list of strings to concat passed to builtins.concatStringsSep",
                Coercion.CopyToStore);
        }

        var joined = eval.Join(parts);
        return parts.Length > 1 || separator.Context is null
            ? joined
            : new NixString(joined.Bytes, StringContext.Union(joined.Context, separator.Context));
    }

    /// <summary>Replaces, from left to right, whatever of <paramref name="from"/> comes first in the list.</summary>
    [Builtin("replaceStrings")]
    public static Value ReplaceStrings(Evaluator eval, NixList from, NixList to, NixString text)
    {
        if (from.Count != to.Count)
        {
            throw eval.Error(
                EvaluationErrors.BadArgument, 0, "'from' and 'to' arguments passed to builtins.replaceStrings have different lengths");
        }

        var wanted = new byte[from.Count][];
        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i] = eval.ForceString(
                from.Items[i], 0, "while evaluating one of the strings to replace passed to builtins.replaceStrings").Bytes.ToArray();
        }

        var starts = StartBytes(wanted);
        var source = text.Bytes;
        var context = text.Context;
        var output = new ArrayBufferWriter<byte>(source.Length + 16);
        var isChanged = false;
        for (var at = 0; at <= source.Length;)
        {
            if (starts is not null)
            {
                var next = source[at..].IndexOfAny(starts);
                var end = next < 0 ? source.Length : at + next;
                output.Write(source.Slice(at, end - at));
                at = end;
                if (at == source.Length)
                {
                    break;
                }
            }

            var found = FirstAt(source[at..], wanted);
            if (found >= 0)
            {
                var replacement = eval.ForceString(
                    eval.Force(to.Items[found]), 0, "while evaluating one of the replacement strings passed to builtins.replaceStrings");
                context = StringContext.Union(context, replacement.Context);
                output.Write(replacement.Bytes);
                isChanged = true;
                at += wanted[found].Length;
            }

            if (found < 0 || wanted[found].Length == 0)
            {
                output.Write(source.Slice(at, at < source.Length ? 1 : 0));
                at++;
            }
        }

        return isChanged ? new NixString(output.WrittenSpan, context) : text;
    }

    [Builtin("compareVersions")]
    public static long CompareVersions(NixString a, NixString b) => VersionText.Compare(a.Bytes, b.Bytes);

    [Builtin("splitVersion")]
    public static Value SplitVersion(NixString version)
    {
        var parts = new List<Value>();
        ReadOnlySpan<byte> rest = version.Bytes;
        while (VersionText.NextComponent(ref rest) is { IsEmpty: false } part)
        {
            parts.Add(new NixString(part));
        }

        return NixList.Of(parts);
    }

    /// <summary>Splits <c>name-1.2</c> into its name and version.</summary>
    [Builtin("parseDrvName")]
    public static Value ParseDrvName(Evaluator eval, NixString text)
    {
        var dash = VersionText.FindVersionDash(text.Bytes);
        var set = new AttributeSetBuilder(2);
        set.Add(eval.Names.Name, new NixString(text.Bytes[..(dash ?? text.Length)]));
        set.Add(eval.Symbols.Intern("version"), dash is null ? NixString.Empty : new NixString(text.Bytes[(dash.Value + 1)..]));
        return set.Build();
    }

    /// <summary>Returns the last name in a path.</summary>
    [Builtin("baseNameOf", Global = true)]
    public static Value BaseNameOf(Evaluator eval, Value value)
    {
        if (value.AsPath is { } path)
        {
            return NixString.Of(Host.PathText.BaseName(path));
        }

        var text = eval.CoerceToString(value, 0, "while evaluating the first argument passed to builtins.baseNameOf", Coercion.None);
        var bytes = text.Bytes;

        // One slash at the end does not count; of several, the name between them is empty.
        var end = bytes.Length > 0 && bytes[^1] == '/' ? bytes.Length - 1 : bytes.Length;
        var start = end == 0 ? 0 : bytes[..end].LastIndexOf((byte)'/') + 1;
        return new NixString(bytes[start..end], text.Context);
    }

    /// <summary>Returns the folder that a path is in.</summary>
    [Builtin("dirOf", Global = true)]
    public static Value DirOf(Evaluator eval, Value value)
    {
        if (value.AsPath is { } path)
        {
            return NixPath.Of(Host.PathText.Parent(path));
        }

        var text = eval.CoerceToString(value, 0, "while evaluating the first argument passed to 'builtins.dirOf'", Coercion.None);
        var slash = text.Bytes.LastIndexOf((byte)'/');
        return slash switch
        {
            < 0 => NixString.Of(".", text.Context),
            0 => NixString.Of("/", text.Context),
            _ => new NixString(text.Bytes[..slash], text.Context),
        };
    }

    private static int FirstAt(ReadOnlySpan<byte> text, byte[][] wanted)
    {
        for (var i = 0; i < wanted.Length; i++)
        {
            if (text.StartsWith(wanted[i]))
            {
                return i;
            }
        }

        return -1;
    }

    // What any of the strings can start with; null when one is empty and so starts everywhere.
    private static SearchValues<byte>? StartBytes(byte[][] wanted) =>
        Array.Exists(wanted, w => w.Length == 0) ? null : SearchValues.Create([.. wanted.Select(w => w[0])]);
}
