using System.Globalization;
using System.Text;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Model.PathInfos;

/// <summary>The form of <c>.narinfo</c> files.</summary>
public static class NarInfoText
{
    private const string UnknownDeriver = "unknown-deriver";

    /// <summary>Reads a <c>.narinfo</c> file.</summary>
    /// <exception cref="InvalidFormatException">It is not in that form; <paramref name="whence"/> names the file.</exception>
    public static NarInfo Read(string text, StoreDirectory directory, string whence)
    {
        var reader = new Reader(whence);
        var line = 0;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            line++;
            var end = rest.IndexOf('\n');
            if (end < 0)
            {
                throw reader.Corrupt($"line {line} has no end");
            }

            var separator = rest[..end].IndexOf(':');
            if (separator < 0)
            {
                throw reader.Corrupt($"expecting ':' at line {line}");
            }

            reader.Field(rest[..separator], rest[(separator + 1)..end].TrimStart(' ').ToString(), line, directory);
            rest = rest[(end + 1)..];
        }

        return reader.Finish();
    }

    /// <summary>Writes a <c>.narinfo</c> file.</summary>
    public static string Write(NarInfo narInfo, StoreDirectory directory)
    {
        var info = narInfo.Info;
        var text = new StringBuilder();
        void Line(string name, string value) => text.Append(name).Append(": ").Append(value).Append('\n');
        Line("StorePath", directory.Absolute(info.Path));
        Line("URL", narInfo.Url);
        Line("Compression", narInfo.Compression);
        if (narInfo.FileHash is { } fileHash)
        {
            Line("FileHash", fileHash.ToString());
            Line("FileSize", narInfo.FileSize.ToString(CultureInfo.InvariantCulture));
        }

        Line("NarHash", info.NarHash.ToString());
        Line("NarSize", info.NarSize.ToString(CultureInfo.InvariantCulture));
        Line("References", string.Join(' ', info.References));
        if (info.Deriver is { } deriver)
        {
            Line("Deriver", deriver.ToString());
        }

        foreach (var signature in info.Signatures)
        {
            Line("Sig", signature);
        }

        if (info.ContentAddress is { } address)
        {
            Line("CA", address.ToString());
        }

        return text.ToString();
    }

    private sealed class Reader(string whence)
    {
        private readonly List<string> _signatures = [];
        private StorePath? _path;
        private string? _url;
        private string _compression = "";
        private Hash? _fileHash;
        private long _fileSize;
        private Hash? _narHash;
        private long _narSize;
        private List<StorePath>? _references;
        private StorePath? _deriver;
        private ContentAddress? _address;

        public InvalidFormatException Corrupt(string problem) => new("NAR info file", whence, problem);

        public void Field(ReadOnlySpan<char> name, string value, int line, StoreDirectory directory)
        {
            try
            {
                switch (name)
                {
                    case "StorePath":
                        _path = directory.Parse(value);
                        break;
                    case "URL":
                        _url = value;
                        break;
                    case "Compression":
                        _compression = value;
                        break;
                    case "FileHash":
                        _fileHash = Hash.Parse(value);
                        break;
                    case "FileSize":
                        _fileSize = Number(value);
                        break;
                    case "NarHash":
                        _narHash = Hash.Parse(value);
                        break;
                    case "NarSize":
                        _narSize = Number(value);
                        break;
                    case "References" when _references is not { Count: > 0 }:
                        _references = [.. value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(StorePath.Parse)];
                        break;
                    case "Deriver" when value != UnknownDeriver:
                        _deriver = StorePath.Parse(value);
                        break;
                    case "Sig":
                        _signatures.Add(value);
                        break;
                    case "CA" when _address is null:
                        _address = value.Length > 0 ? ContentAddress.Parse(value) : null;
                        break;
                    case "References" or "CA":
                        throw new InvalidFormatException("field", name.ToString(), "it stands there twice");
                    default:
                        // Later versions may say more.
                        break;
                }
            }
            catch (InvalidFormatException e)
            {
                throw Corrupt($"{e.Message} at line {line}");
            }
        }

        public NarInfo Finish()
        {
            var missing = _path is null ? "StorePath missing"
                : _narHash is null ? "NarHash missing"
                : string.IsNullOrEmpty(_url) ? "URL missing"
                : _narSize == 0 ? "NarSize missing or zero"
                : null;
            if (missing is not null)
            {
                throw Corrupt(missing);
            }

            var info = new PathInfo
            {
                Path = _path!,
                NarHash = _narHash!,
                NarSize = _narSize,
                References = [.. (_references ?? []).Distinct().Order()],
                Deriver = _deriver,
                Signatures = [.. _signatures.Distinct().Order(StringComparer.Ordinal)],
                ContentAddress = _address,
            };
            return new NarInfo(info, _url!, _compression.Length > 0 ? _compression : "bzip2", _fileHash, _fileSize);
        }

        private static long Number(string value) =>
            long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidFormatException("size", value, "it must be a number of bytes");
    }
}
