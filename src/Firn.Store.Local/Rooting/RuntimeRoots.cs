using System.Text;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Store.Roots;

namespace Firn.Store.Local.Rooting;

/// <summary>Finds objects that running processes use: as program, folder, open or mapped file, or in their environment.</summary>
internal sealed class RuntimeRoots(StoreDirectory directory)
{
    private static readonly string[] _kernelFiles = ["modprobe", "fbsplash", "poweroff_cmd"];

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(directory.Path + "/");
    private readonly HashSet<GcRoot> _roots = [];

    /// <summary>Lists what can be seen; what belongs to other users may be hidden.</summary>
    internal static List<GcRoot> List(StoreDirectory directory)
    {
        var finder = new RuntimeRoots(directory);
        if (DirectoryHandle.TryOpen("/proc") is { } processes)
        {
            using (processes)
            {
                foreach (var process in processes.List().Select(e => e.ToString()).Where(n => n.All(char.IsAsciiDigit)))
                {
                    finder.Process($"/proc/{process}");
                }
            }
        }

        foreach (var file in _kernelFiles)
        {
            Guarded($"/proc/sys/kernel/{file}", path => finder.Add(path, Encoding.UTF8.GetString(FileContent.ReadAll(path))));
        }

        return [.. finder._roots];
    }

    private void Process(string folder)
    {
        Guarded($"{folder}/exe", Link);
        Guarded($"{folder}/cwd", Link);
        Guarded($"{folder}/fd", path =>
        {
            using var descriptors = DirectoryHandle.Open(path);
            foreach (var descriptor in descriptors.List())
            {
                Guarded($"{path}/{descriptor}", Link);
            }
        });
        Guarded($"{folder}/maps", path => Search(path, FileContent.ReadAll(path)));
        Guarded($"{folder}/environ", path => Search(path, FileContent.ReadAll(path)));
    }

    private static void Guarded(string path, Action<string> action)
    {
        try
        {
            action(path);
        }
        catch (SystemCallException)
        {
            // The process ended, or is none of ours: what we may not see, others keep alive by links.
        }
    }

    private void Link(string path) => Add(path, SymbolicLink.Read(path));

    private void Add(string link, string target)
    {
        if (directory.TrySplit(target.TrimEnd('\n'), out var path, out _))
        {
            _roots.Add(new GcRoot(link, path));
        }
    }

    private void Search(string link, ReadOnlySpan<byte> text)
    {
        while (text.IndexOf(_prefix) is >= 0 and var at)
        {
            text = text[(at + _prefix.Length)..];
            var end = 0;
            while (end < text.Length && (char.IsAsciiLetterOrDigit((char)text[end]) || "+-._?="u8.Contains(text[end])))
            {
                end++;
            }

            if (StorePath.TryParse(Encoding.ASCII.GetString(text[..end]), out var path))
            {
                _roots.Add(new GcRoot(link, path));
            }
        }
    }
}
