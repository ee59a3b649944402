using System.Buffers.Text;
using System.Runtime.InteropServices;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Host;
using Firn.Evaluation.Values;
using Firn.Model.ContentAddresses;

namespace Firn.Evaluation;

/// <summary>Turning values into strings and paths.</summary>
public sealed partial class Evaluator
{
    private const int MaxDigits = 20;

    private readonly ContextCollector _joined = new();

    /// <summary>Turns a value into a string as interpolation and <c>toString</c> do.</summary>
    internal NixString CoerceToString(Value value, int position, string doing, Coercion mode)
    {
        value = Force(value);
        return value.IsString ? new NixString(value.Bits) : CoerceOther(value, position, doing, mode);
    }

    private NixString CoerceOther(Value value, int position, string doing, Coercion mode)
    {
        EnsureStack();
        switch (value)
        {
            case { AsPath: { } path }:
                return mode.HasFlag(Coercion.CopyToStore) ? CopyToStore(path, position) : NixString.Of(path);
            case { AsSet: { } set } when set.Find(Names.ToStringName) is { } method:
                // What it returns may have to be turned into a string in turn, and so on without end.
                EnterCall(null);
                var made = CoerceToString(Call(method, set), position, "while evaluating the result of the `__toString` attribute", mode);
                LeaveCall();
                return made;
            case { AsSet: { } set } when set.Find(Names.OutPath) is { } outPath:
                return CoerceToString(outPath, position, doing, mode);
            case { AsBool: { } truth } when mode.HasFlag(Coercion.More):
                return truth ? NixString.Of("1") : NixString.Empty;
            case { AsInt: { } number } when mode.HasFlag(Coercion.More):
                Span<byte> digits = stackalloc byte[MaxDigits];
                Utf8Formatter.TryFormat(number, digits, out var length);
                return new NixString(digits[..length]);
            case { AsFloat: { } number } when mode.HasFlag(Coercion.More):
                return NixString.Of(Model.Text.FloatText.Coerced(number));
            case { IsNull: true } when mode.HasFlag(Coercion.More):
                return NixString.Empty;
            case { AsList: { } list } when mode.HasFlag(Coercion.More):
                return CoerceList(list, position, mode);
            case var other:
                throw CannotCoerce(other, position, doing);
        }
    }

    /// <summary>Returns the path that a value is: a path, a string that is one, or a set that stands for one.</summary>
    public string PathOf(Value value) => RealisePath(value, 0, followsLast: false);

    /// <summary>Returns the bytes of a value that is a string or stands for one.</summary>
    public byte[] ToPlainString(Value value, string doing) => CoerceToString(value, 0, doing, Coercion.CopyToStore).Bytes.ToArray();

    private NixString CoerceList(NixList list, int position, Coercion mode)
    {
        NixString space = new(" "u8);
        var parts = new List<NixString>(list.Count * 2);
        for (var i = 0; i < list.Count; i++)
        {
            parts.Add(CoerceToString(list.Items[i], position, "while evaluating one element of the list", mode));

            if (i < list.Count - 1 && !IsEmptyList(list.Items[i]))
            {
                parts.Add(space);
            }
        }

        return Join(CollectionsMarshal.AsSpan(parts));
    }

    // An empty list at its place adds no space, whatever stands around it.
    internal bool IsEmptyList(Value item) => Force(item).AsList is { Count: 0 };

    /// <summary>Puts strings together, with the contexts of all.</summary>
    internal NixString Join(ReadOnlySpan<NixString> parts)
    {
        long length = 0;
        _joined.Clear();
        foreach (var part in parts)
        {
            length += part.Length;
            _joined.Add(part.Context);
        }

        if (length > Array.MaxLength)
        {
            throw Error(EvaluationErrors.BadArgument, CallPosition(), $"the string would have {length} bytes, more than a string can have");
        }

        if (parts.Length == 1)
        {
            return parts[0];
        }

        var joined = NixString.Make((int)length, _joined.ToContext(), out var target);
        foreach (var part in parts)
        {
            part.Bytes.CopyTo(target);
            target = target[part.Length..];
        }

        return joined;
    }

    /// <summary>Turns a value into an absolute path; strings keep their context in <paramref name="context"/>.</summary>
    internal string CoerceToPath(Value value, int position, string doing, out StringContext? context)
    {
        context = null;
        if (Force(value).AsPath is { } path)
        {
            return path;
        }

        // A set may lead to a path through __toString or outPath; such a path is not copied.
        var text = CoerceToString(value, position, doing, Coercion.None);
        context = text.Context;
        var result = text.ToString();
        return result.StartsWith('/')
            ? PathText.Canonical(result)
            : throw NotAnAbsolutePath(position, Force(value), result);
    }

    /// <summary>Copies a file or folder into the store, once, and returns its path there with itself as context.</summary>
    internal NixString CopyToStore(string path, int position)
    {
        if (path.EndsWith(".drv", StringComparison.Ordinal))
        {
            throw Error(EvaluationErrors.BadArgument, position, "file names are not allowed to end in '.drv'");
        }

        var copied = _isClosed ? _shared.ClosedCopied : _shared.Copied;
        if (!copied.TryGetValue(path, out var stored))
        {
            CheckAccess(path, position);
            stored = Host.Store.AddPath(PathText.BaseName(path), path, ContentAddressMethod.NixArchive, null, null, []);
            copied[path] = stored;
        }

        return PathString(stored, StringContext.Of(new ContextElement.Opaque(stored)));
    }
}

/// <summary>How far <see cref="Evaluator.CoerceToString"/> goes.</summary>
[Flags]
internal enum Coercion
{
    None = 0,

    /// <summary>Numbers, booleans, null and lists become strings too.</summary>
    More = 1,

    /// <summary>Paths are copied into the store.</summary>
    CopyToStore = 2,
}
