using System.Text;
using Firn.Model.Text.Regexes;

namespace Firn.Profiles.Packages;

/// <summary>Which packages an argument means: <c>hello</c>, <c>hello-2.12</c>, <c>.*zip.*</c> or <c>*</c>.</summary>
public sealed class PackageSelector
{
    private const string Anything = "*";

    private readonly PackageName _name;
    private readonly PosixRegex? _regex;

    private PackageSelector(PackageName name, PosixRegex? regex) => (_name, _regex) = (name, regex);

    /// <summary>How it was written.</summary>
    public string Text => _name.Full;

    /// <summary>The part before the version.</summary>
    public string Name => _name.Name;

    /// <summary>Whether it means all packages, so that none is no mistake.</summary>
    public bool IsAnything => Text == Anything;

    /// <summary>Reads a selector; its name part is a regular expression, or a name such as <c>g++</c> that is none.</summary>
    public static PackageSelector Parse(string text)
    {
        var name = PackageName.Parse(text);
        return new(name, PosixRegex.TryParse(Encoding.UTF8.GetBytes(name.Name), out var regex, out _) ? regex : null);
    }

    public bool Matches(PackageName package) =>
        (_name.Version.Length == 0 || _name.Version == package.Version)
        && (Name == Anything || package.Name == Name || (_regex?.TryMatchWhole(Encoding.UTF8.GetBytes(package.Name), []) ?? false));
}
