using Firn.Model.Diagnostics;

namespace Firn.Archive.Tarballs;

/// <summary>An archive that cannot be unpacked: damaged, cut short, or reaching outside its folder.</summary>
public sealed class TarballException(string problem)
    : FirnException(new Diagnostic(TarballErrors.Damaged, problem));

/// <summary>The error codes of unpacking.</summary>
public static class TarballErrors
{
    public static ErrorCode Damaged { get; } = new("archive/bad-tarball");
}
