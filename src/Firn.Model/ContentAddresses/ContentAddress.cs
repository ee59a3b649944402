using Firn.Model.Diagnostics;
using Firn.Model.Hashing;

namespace Firn.Model.ContentAddresses;

/// <summary>What of a store object is hashed.</summary>
public enum ContentAddressMethod
{
    /// <summary>The bytes of one file.</summary>
    Flat,

    /// <summary>The object's NAR.</summary>
    NixArchive,

    /// <summary>The bytes of one file, which may have references.</summary>
    Text,

    /// <summary>The object as a git blob or tree.</summary>
    Git,
}

/// <summary>The spellings of <see cref="ContentAddressMethod"/>.</summary>
public static class ContentAddressMethods
{
    /// <summary>Returns what stands before the algorithm in derivations: nothing, <c>r:</c>, <c>text:</c> or <c>git:</c>.</summary>
    public static string Prefix(this ContentAddressMethod method) => method switch
    {
        ContentAddressMethod.NixArchive => "r:",
        ContentAddressMethod.Text => "text:",
        ContentAddressMethod.Git => "git:",
        _ => "",
    };

    /// <summary>Returns the name in the language and on the command line: <c>flat</c>, <c>nar</c>, <c>text</c> or <c>git</c>.</summary>
    public static string Name(this ContentAddressMethod method) => method switch
    {
        ContentAddressMethod.NixArchive => "nar",
        ContentAddressMethod.Text => "text",
        ContentAddressMethod.Git => "git",
        _ => "flat",
    };

    /// <summary>Returns the method called <paramref name="name"/> (<c>recursive</c> is <c>nar</c>), or null.</summary>
    public static ContentAddressMethod? Find(string name) => name switch
    {
        "flat" => ContentAddressMethod.Flat,
        "nar" or "recursive" => ContentAddressMethod.NixArchive,
        "text" => ContentAddressMethod.Text,
        "git" => ContentAddressMethod.Git,
        _ => null,
    };

    /// <summary>Takes the prefix of <see cref="Prefix"/> off <paramref name="text"/>.</summary>
    public static ContentAddressMethod ParsePrefix(ref ReadOnlySpan<char> text)
    {
        foreach (var method in (ReadOnlySpan<ContentAddressMethod>)[ContentAddressMethod.NixArchive, ContentAddressMethod.Text, ContentAddressMethod.Git])
        {
            if (text.StartsWith(method.Prefix()))
            {
                text = text[method.Prefix().Length..];
                return method;
            }
        }

        return ContentAddressMethod.Flat;
    }
}

/// <summary>A hash of a store object's content, from which its path follows.</summary>
public sealed record ContentAddress(ContentAddressMethod Method, Hash Hash)
{
    /// <summary>Method and algorithm as derivations write them, such as <c>r:sha256</c>.</summary>
    public string MethodAndAlgorithm => Method.Prefix() + Hash.Algorithm.Name();

    /// <summary>Reads <c>text:sha256:…</c>, <c>fixed:sha256:…</c>, <c>fixed:r:sha256:…</c>.</summary>
    /// <exception cref="InvalidFormatException">It is none of these.</exception>
    public static ContentAddress Parse(string text)
    {
        if (text.StartsWith("text:", StringComparison.Ordinal))
        {
            return new(ContentAddressMethod.Text, Hash.Parse(text.AsSpan(5)));
        }

        if (!text.StartsWith("fixed:", StringComparison.Ordinal))
        {
            throw new InvalidFormatException("content address", text, "it must start with 'text:' or 'fixed:'");
        }

        var rest = text.AsSpan(6);
        var method = ContentAddressMethods.ParsePrefix(ref rest);
        return new(method, Hash.Parse(rest));
    }

    /// <summary>Writes the form that databases and narinfo files hold.</summary>
    public override string ToString() => Method == ContentAddressMethod.Text
        ? $"text:{Hash}"
        : $"fixed:{Method.Prefix()}{Hash}";
}
