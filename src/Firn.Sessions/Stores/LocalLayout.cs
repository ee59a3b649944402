using Firn.Model.StorePaths;
using Firn.Store.Local;

namespace Firn.Sessions.Stores;

/// <summary>Works out where a local store keeps what, from its reference and the environment.</summary>
public static class LocalLayout
{
    public static StoreLayout Of(StoreReference reference, Func<string, string?> environment)
    {
        string? Parameter(string name) => reference.Parameters.GetValueOrDefault(name) is { Length: > 0 } value ? StoreParameters.AbsolutePath(name, value) : null;
        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

        var directory = Clean(Parameter("store") ?? Variable("NIX_STORE_DIR") ?? Variable("NIX_STORE") ?? StoreDirectory.Default.Path);
        var root = Parameter("root")?.TrimEnd('/');
        return new StoreLayout(
            new StoreDirectory(directory),
            Clean(Parameter("real") ?? (root is null ? directory : root + "/nix/store")),
            Clean(Parameter("state") ?? (root is null ? StateDirectory(environment) : root + "/nix/var/nix")),
            Clean(Parameter("log") ?? (root is null ? Variable("NIX_LOG_DIR") ?? "/nix/var/log/nix" : root + "/nix/var/log/nix")));
    }

    /// <summary>Where database, profiles and roots of the machine's own store are.</summary>
    public static string StateDirectory(Func<string, string?> environment) =>
        environment("NIX_STATE_DIR") is { Length: > 0 } state ? Clean(state) : "/nix/var/nix";

    private static string Clean(string path) => path.Length > 1 ? Path.GetFullPath(path).TrimEnd('/') : path;
}
