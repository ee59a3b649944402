using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Firn.Fetching.Schemes.Git;

/// <summary>Writes the tree of a commit to a folder, with the bytes that are in the repository: no filters, no line endings.</summary>
internal static class GitExport
{
    /// <summary>Writes all files into <paramref name="folder"/>, which must be empty; submodules become empty directories.</summary>
    internal static void Write(GitRepository repository, string revision, bool appliesExportIgnore, string folder)
    {
        var entries = repository.ListTree(revision);
        var ignored = appliesExportIgnore && entries.Any(e => e.Path.EndsWith(".gitattributes", StringComparison.Ordinal))
            ? GitAttributes.ExportIgnored(repository, revision, entries.Select(e => e.Path))
            : new HashSet<string>();
        using var blobs = new BlobReader(repository);
        foreach (var entry in entries.Where(e => !GitAttributes.IsBelow(e.Path, ignored)))
        {
            var target = Path.Combine(folder, entry.Path);
            switch (entry.Kind)
            {
                case GitEntryKind.Directory or GitEntryKind.Submodule:
                    Directory.CreateDirectory(target);
                    break;
                case GitEntryKind.Symlink:
                    File.CreateSymbolicLink(target, Encoding.UTF8.GetString(blobs.Read(entry.Object)));
                    break;
                default:
                    using (var file = new FileStream(target, new FileStreamOptions
                    {
                        Mode = FileMode.CreateNew,
                        Access = FileAccess.Write,
                        UnixCreateMode = entry.Kind == GitEntryKind.Executable ? Modes.Executable : Modes.Plain,
                    }))
                    {
                        blobs.CopyTo(entry.Object, file);
                    }

                    break;
            }
        }
    }

    /// <summary>Reads objects one after the other through one <c>git cat-file --batch</c>.</summary>
    private sealed class BlobReader(GitRepository repository) : IDisposable
    {
        private readonly byte[] _buffer = new byte[64 * 1024];
        private Process? _process;

        internal byte[] Read(string id)
        {
            var content = new MemoryStream();
            CopyTo(id, content);
            return content.ToArray();
        }

        internal void CopyTo(string id, Stream target)
        {
            var process = _process ??= Start();
            process.StandardInput.BaseStream.Write(Encoding.ASCII.GetBytes(id + "\n"));
            process.StandardInput.BaseStream.Flush();
            var remaining = ReadHeader(process.StandardOutput.BaseStream, id);
            while (remaining > 0)
            {
                var count = process.StandardOutput.BaseStream.Read(_buffer, 0, (int)Math.Min(remaining, _buffer.Length));
                target.Write(_buffer, 0, count > 0 ? count : throw Broken(id));
                remaining -= count;
            }

            _ = process.StandardOutput.BaseStream.ReadByte();
        }

        public void Dispose()
        {
            if (_process is { } process)
            {
                process.StandardInput.Close();
                process.WaitForExit();
                process.Dispose();
            }
        }

        private Process Start()
        {
            var process = repository.Program.Start(repository.WithPlace(["cat-file", "--batch"]));
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            return process;
        }

        /// <summary>Reads <c>object type size NEWLINE</c>.</summary>
        private static long ReadHeader(Stream output, string id)
        {
            var line = new StringBuilder();
            int b;
            while ((b = output.ReadByte()) is not (-1 or '\n') && line.Length < 1000)
            {
                line.Append((char)b);
            }

            return line.ToString().Split(' ') is [_, "blob", var size] && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? count
                : throw Broken(id);
        }

        private static FetchException Broken(string id) => new(FetchErrors.Git, $"git cannot give the object '{id}'; the repository may be damaged");
    }
}
