using Firn.Cli.Legacy.NixEnv;
using Firn.Fetching;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Profiles.Channels;
using Firn.Profiles.Generations;
using Firn.Profiles.UserEnvironments;
using Firn.Sessions;
using Firn.Store.Derivations;

namespace Firn.Cli.Legacy.NixChannel;

/// <summary><c>nix-channel --update</c>: fetches channels anew and installs them in the profile of channels.</summary>
internal sealed class ChannelUpdateCommand : ChannelCommand
{
    private static readonly string[] _archives = [".tar.gz", ".tar.bz2", ".tar.xz"];

    public override string Summary => "download and unpack channels";

    protected override int Execute(Session session, Output output)
    {
        var channels = Read(session).Urls.Select(c => (Name: c.Key, Url: c.Value, Package: ChannelList.PackageName(c.Key, c.Value)))
            .Select(c => Arguments.Count == 0 || Arguments.Contains(c.Name)
                ? Fetch(session, c.Name, c.Url, c.Package)
                : Element(c.Package, FindInstalled(session, c.Name))).ToList();
        session.Log.Write(Verbosity.Error, $"unpacking {channels.Count} channels...");
        var installer = new UserEnvironmentInstaller(session, keepsDerivations: false, repairs: false);
        while (!installer.TryInstall(channels, Profile(session), ProfileRunner.ReadToken(Profile(session))))
        {
        }

        ShowAsDefault(session);
        return 0;
    }

    private static UserEnvironmentElement Fetch(Session session, string name, string url, string package)
    {
        var derivation = ChannelDerivation.Make(package, name, Download(session, url), session.StoreDirectory);
        var path = session.Store.DerivationSink.AddDerivation(derivation, session.StoreDirectory);
        session.Builder.BuildAll([DerivedPath.Of(path, OutputsSpec.All.Instance)], BuildMode.Normal, session.Cancellation);
        return Element(package, ((DerivationOutput.InputAddressed)derivation.Outputs[0].Output).Path);
    }

    /// <summary>Downloads the archive: the URL itself when it leads to one, else the one that every channel has.</summary>
    private static StorePath Download(Session session, string url)
    {
        var isFolder = url.StartsWith("file://", StringComparison.Ordinal) && Directory.Exists(url["file://".Length..]);
        if (!isFolder)
        {
            // What it redirects to is asked for the archive too: all of it should be of one version of the channel.
            var file = session.Fetcher.Download(url, Path.GetFileName(url));
            url = file.EffectiveUrl;
            if (_archives.Any(a => file.Path.Name.EndsWith(a, StringComparison.Ordinal)))
            {
                return file.Path;
            }
        }

        try
        {
            return session.Fetcher.Download(url + "/nixexprs.tar.xz", "nixexprs.tar.xz").Path;
        }
        catch (FetchException)
        {
            return session.Fetcher.Download(url + "/nixexprs.tar.bz2", "nixexprs.tar.bz2").Path;
        }
    }

    private static StorePath FindInstalled(Session session, string name)
    {
        var link = $"{Profile(session)}/{name}";
        return new FileInfo(link).LinkTarget is { } target && session.StoreDirectory.TrySplit(target, out var path, out _)
            ? path
            : throw new CommandException($"channel '{name}' was never updated, and is not to be updated now", $"Update it too: 'nix-channel --update {name}'.");
    }

    private static UserEnvironmentElement Element(string name, StorePath path) =>
        new() { Name = name, System = "builtin", OutPath = path, Outputs = [new(OutputName.Default, path)] };

    /// <summary>Has <c>nix-env</c> find packages in the channels.</summary>
    private static void ShowAsDefault(Session session)
    {
        var folder = session.ProfileLocations.DefaultExpressions;
        if (new FileInfo(folder).LinkTarget is not null)
        {
            // As it was once: a link to the one channel that there was.
            File.Delete(folder);
        }

        Directory.CreateDirectory(folder);
        ProfileRunner.SwitchTo(folder + "/channels", Profile(session));
    }
}
