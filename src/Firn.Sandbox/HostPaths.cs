using Firn.Building;
using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Platform.Files;

namespace Firn.Sandbox;

/// <summary>Decides which paths of this machine a build sees besides its inputs.</summary>
internal sealed class HostPaths(ChamberRequest request, SandboxSettings settings)
{
    /// <summary>Lists them: those of the settings with their closures, those that the derivation asked for, those that the network needs.</summary>
    /// <exception cref="BuildException">The derivation asks for one that it may not have.</exception>
    public IEnumerable<SandboxPath> List()
    {
        if (request.Directory.Path.StartsWith(settings.SandboxBuildDir, StringComparison.Ordinal))
        {
            throw new BuildException(BuildStatus.MiscFailure, "`sandbox-build-dir` must not contain the storeDir");
        }

        var configured = settings.SandboxPaths.Select(SandboxPath.Parse).ToList();
        return [.. Closures(configured), .. configured, .. Asked(), .. request.IsIsolated ? [] : Network(), .. Devices()];
    }

    private IEnumerable<SandboxPath> Closures(List<SandboxPath> paths)
    {
        foreach (var path in paths)
        {
            if (request.Directory.TrySplit(path.Source, out var root, out _))
            {
                foreach (var member in request.FindClosure(root))
                {
                    yield return new(request.Directory.Absolute(member), $"{request.RealStoreDirectory}/{member}", false);
                }
            }
        }
    }

    private IEnumerable<SandboxPath> Asked()
    {
        foreach (var path in request.Options.ImpureHostDeps)
        {
            // Links are not followed: that would tell about files that the user cannot see.
            var full = Path.GetFullPath(path);
            yield return settings.AllowedImpureHostDeps.Select(Path.GetFullPath).Any(a => FilePath.IsWithin(full, a))
                ? new SandboxPath(path, path, true)
                : throw new BuildException(
                    BuildStatus.InputRejected,
                    $"derivation '{request.Directory.Absolute(request.Path)}' requested impure path '{path}', but it was not in allowed-impure-host-deps");
        }
    }

    private IEnumerable<SandboxPath> Network()
    {
        foreach (var path in (string[])["/etc/resolv.conf", "/etc/services", "/etc/hosts"])
        {
            if (Resolve(path) is { } source)
            {
                yield return new(path, source, true);
            }
        }

        if (request.CertificateFile is { } file && Resolve(file) is { } certificates)
        {
            yield return new("/etc/ssl/certs/ca-certificates.crt", certificates, true);
        }
    }

    private IEnumerable<SandboxPath> Devices() => request.SystemFeatures.Contains("kvm") ? [new("/dev/kvm", "/dev/kvm", true)] : [];

    private static string? Resolve(string path)
    {
        try
        {
            return PathStatus.FindTarget(path) is null ? null : new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
