using System.Globalization;
using Firn.Model.Diagnostics;
using Firn.Platform.Files;

namespace Firn.Store.Local.Collecting;

/// <summary>Removes from <c>.links</c> the files that no object uses any more.</summary>
internal sealed class LinkCleaner(StoreLayout layout, IMessageLog log)
{
    internal void Run(CancellationToken cancellationToken)
    {
        log.Write(Verbosity.Info, "deleting unused links...");
        long saved = 0;
        using var links = DirectoryHandle.OpenFollowing(layout.LinksDirectory);
        foreach (var entry in links.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (links.FindStatus(entry.Name) is not { } status)
            {
                continue;
            }

            if (status.Links != 1)
            {
                // Each name but .links' own and one object's is a copy that was saved.
                saved += (status.Links - 2) * status.Size;
                continue;
            }

            log.Write(Verbosity.Talkative, $"deleting unused link '{layout.LinksDirectory}/{entry}'");
            links.RemoveFile(entry.Name);
        }

        saved -= links.Status().Blocks * 512;
        log.Write(Verbosity.Info, $"note: hard linking is currently saving {Size(saved)}");
    }

    /// <summary>Writes a size as C++ Nix does, such as <c>1.5 MiB</c>.</summary>
    internal static string Size(long bytes)
    {
        var value = bytes / 1024.0;
        var unit = 0;
        while (Math.Abs(value) >= 1024 && unit < 5)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {"KMGTPE"[unit]}iB");
    }
}
