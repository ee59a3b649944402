using System.Text;
using Firn.Model.Text;

namespace Firn.Profiles.Packages;

/// <summary>A package's name taken apart: <c>hello-2.12</c> is <c>hello</c> in version <c>2.12</c>.</summary>
/// <param name="Full">The whole name.</param>
/// <param name="Name">What stands before the first dash that no letter follows.</param>
/// <param name="Version">What stands after it; empty when there is none.</param>
public sealed record PackageName(string Full, string Name, string Version)
{
    public static PackageName Parse(string full)
    {
        var bytes = Encoding.UTF8.GetBytes(full);
        return VersionText.FindVersionDash(bytes) is { } dash
            ? new(full, Encoding.UTF8.GetString(bytes, 0, dash), Encoding.UTF8.GetString(bytes.AsSpan(dash + 1)))
            : new(full, full, "");
    }

    /// <summary>Compares two versions; negative when the first is older.</summary>
    public static int CompareVersions(string first, string second) =>
        VersionText.Compare(Encoding.UTF8.GetBytes(first), Encoding.UTF8.GetBytes(second));
}

/// <summary>A package as far as decisions need to know it.</summary>
public interface IPackage
{
    PackageName Name { get; }

    /// <summary>What it is for, such as <c>x86_64-linux</c>.</summary>
    string System { get; }

    /// <summary>Lower numbers win over higher ones.</summary>
    long Priority { get; }
}
