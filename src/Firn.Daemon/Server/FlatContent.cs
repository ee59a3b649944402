using Firn.Model.ContentAddresses;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Contents;

namespace Firn.Daemon.Server;

/// <summary>Adds a file that comes as its bytes, without its length: small ones from memory, others from a file.</summary>
internal static class FlatContent
{
    private const int MaxInMemory = 1024 * 1024;

    public static StorePath Add(StoreParts store, string name, Stream bytes, ContentOptions options)
    {
        var memory = new byte[MaxInMemory];
        var count = bytes.ReadAtLeast(memory, memory.Length, throwOnEndOfStream: false);
        if (count < memory.Length && options.Method == ContentAddressMethod.Text)
        {
            return store.Contents.AddText(name, memory.AsMemory(0, count), options.References, options.Repair);
        }

        var folder = Directory.CreateTempSubdirectory("firn-daemon-").FullName;
        try
        {
            var file = folder + "/content";
            using (var output = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                output.Write(memory, 0, count);
                bytes.CopyTo(output);
            }

            return store.Contents.AddFromDisk(name, file, options);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
