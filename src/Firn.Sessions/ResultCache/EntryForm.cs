using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Firn.Evaluation.Host;

namespace Firn.Sessions.ResultCache;

/// <summary>Writes entries as bytes and reads them; what is damaged is not read.</summary>
internal static class EntryForm
{
    private const int ChecksumLength = sizeof(uint);

    private enum Tag : byte
    {
        Kind,
        Content,
        Listing,
        Link,
        Variable,
        Validity,
        Related,
        File,
        Archive,
        Tree,
    }

    /// <summary>Returns the bytes, in pieces: an answer may be large.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Write(Entry entry)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        WriteAll(writer, entry.Needed, (w, path) => w.Write(path));
        WriteAll(writer, entry.Messages, (w, message) =>
        {
            w.Write((byte)message.Kind);
            w.Write(message.Text);
        });
        WriteAll(writer, entry.Observations, Write);
        WriteAll(writer, [.. entry.Answer], (w, part) => w.Write(part.Length));
        writer.Flush();
        ReadOnlyMemory<byte>[] pieces = [stream.GetBuffer().AsMemory(0, (int)stream.Length), .. entry.Answer];
        return [.. pieces, BitConverter.GetBytes(pieces.Aggregate(0u, (sum, piece) => Checksum(sum, piece.Span)))];
    }

    /// <summary>Reads what <see cref="Write(Entry)"/> wrote; null for anything else.</summary>
    public static Entry? Read(byte[] content)
    {
        var length = content.Length - ChecksumLength;
        if (length < 0 || Checksum(0, content.AsSpan(0, length)) != BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(length)))
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(content, 0, length), Encoding.UTF8);
        var needed = ReadAll(reader, r => r.ReadString());
        var messages = ReadAll(reader, r => ((MessageKind)r.ReadByte(), r.ReadString()));
        var observations = ReadAll(reader, ReadObservation);
        var answer = new List<ReadOnlyMemory<byte>>();
        var lengths = ReadAll(reader, r => r.ReadInt32());
        var next = (int)reader.BaseStream.Position;
        foreach (var part in lengths)
        {
            answer.Add(content.AsMemory(next, part));
            next += part;
        }

        return new Entry { Answer = [.. answer], Needed = needed, Messages = messages, Observations = observations };
    }

    private static void Write(BinaryWriter writer, Observation observation)
    {
        switch (observation)
        {
            case Observation.Kind kind:
                Start(Tag.Kind, kind.Path);
                writer.Write((sbyte)(kind.Found is { } found ? (int)found : -1));
                break;
            case Observation.Content content:
                Start(Tag.Content, content.Path);
                writer.Write(content.IsLink);
                writer.Write((sbyte)(content.IsExecutable is { } executable ? executable ? 1 : 0 : -1));
                WriteSignature(writer, content.Signature);
                WriteBytes(writer, content.Hash);
                break;
            case Observation.Listing listing:
                Start(Tag.Listing, listing.Path);
                writer.Write(listing.IsLink);
                WriteSignature(writer, listing.Signature);
                WriteBytes(writer, listing.Hash);
                break;
            case Observation.Link link:
                Start(Tag.Link, link.Path);
                writer.Write(link.Target);
                break;
            case Observation.Variable variable:
                Start(Tag.Variable, variable.Name);
                writer.Write(variable.Value is not null);
                writer.Write(variable.Value ?? "");
                break;
            case Observation.Validity validity:
                Start(Tag.Validity, validity.Path);
                writer.Write(validity.IsValid);
                break;
            case Observation.Related related:
                Start(Tag.Related, related.Path);
                writer.Write(related.IsClosure);
                WriteAll(writer, related.Paths, (w, path) => w.Write(path));
                break;
            case Observation.Fetched fetched:
                WriteRequest(fetched.Request);
                writer.Write(fetched.Result);
                break;
        }

        void Start(Tag tag, string subject)
        {
            writer.Write((byte)tag);
            writer.Write(subject);
        }

        void WriteRequest(FetchRequest request)
        {
            switch (request)
            {
                case FetchRequest.File file:
                    Start(Tag.File, file.Url);
                    writer.Write(file.Name);
                    break;
                case FetchRequest.Archive archive:
                    Start(Tag.Archive, archive.Url);
                    writer.Write(archive.Name);
                    break;
                case FetchRequest.Tree tree:
                    Start(Tag.Tree, "");
                    WriteAll(writer, [.. tree.Attributes], WriteAttribute);
                    break;
            }
        }
    }

    private static Observation ReadObservation(BinaryReader reader)
    {
        var tag = (Tag)reader.ReadByte();
        var subject = reader.ReadString();
        return tag switch
        {
            Tag.Kind => new Observation.Kind(subject, reader.ReadSByte() is >= 0 and var kind ? (FileKind)kind : null),
            Tag.Content => new Observation.Content(
                subject, reader.ReadBoolean(), reader.ReadSByte() is >= 0 and var executable ? executable == 1 : null, ReadSignature(reader), ReadBytes(reader)),
            Tag.Listing => new Observation.Listing(subject, reader.ReadBoolean(), ReadSignature(reader), ReadBytes(reader)),
            Tag.Link => new Observation.Link(subject, reader.ReadString()),
            Tag.Variable => new Observation.Variable(subject, reader.ReadBoolean() ? reader.ReadString() : Skip(reader)),
            Tag.Validity => new Observation.Validity(subject, reader.ReadBoolean()),
            Tag.Related => new Observation.Related(subject, reader.ReadBoolean(), ReadAll(reader, r => r.ReadString())),
            Tag.File => new Observation.Fetched(new FetchRequest.File(subject, reader.ReadString()), reader.ReadString()),
            Tag.Archive => new Observation.Fetched(new FetchRequest.Archive(subject, reader.ReadString()), reader.ReadString()),
            _ => new Observation.Fetched(new FetchRequest.Tree(ReadAll(reader, ReadAttribute).ToDictionary(StringComparer.Ordinal)), reader.ReadString()),
        };
    }

    private static void WriteAttribute(BinaryWriter writer, KeyValuePair<string, object> attribute)
    {
        writer.Write(attribute.Key);
        switch (attribute.Value)
        {
            case bool flag:
                writer.Write('b');
                writer.Write(flag);
                break;
            case long number:
                writer.Write('n');
                writer.Write(number);
                break;
            default:
                writer.Write('s');
                writer.Write((string)attribute.Value);
                break;
        }
    }

    private static KeyValuePair<string, object> ReadAttribute(BinaryReader reader) => new(reader.ReadString(), reader.ReadChar() switch
    {
        'b' => reader.ReadBoolean(),
        'n' => reader.ReadInt64(),
        _ => (object)reader.ReadString(),
    });

    private static void WriteSignature(BinaryWriter writer, FileSignature signature)
    {
        writer.Write(signature.Device);
        writer.Write(signature.Inode);
        writer.Write(signature.Size);
        writer.Write(signature.Modified);
        writer.Write(signature.Changed);
    }

    private static FileSignature ReadSignature(BinaryReader reader) =>
        new(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(reader.Read7BitEncodedInt());

    private static void WriteAll<T>(BinaryWriter writer, ImmutableArray<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write7BitEncodedInt(items.Length);
        foreach (var item in items)
        {
            write(writer, item);
        }
    }

    private static ImmutableArray<T> ReadAll<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var items = new T[reader.Read7BitEncodedInt()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = read(reader);
        }

        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    private static string? Skip(BinaryReader reader)
    {
        _ = reader.ReadString();
        return null;
    }

    // Part of the program, unlike SHA-256, for which another library would have to be loaded first.
    // It tells what a crash left half done; nobody but the user writes here.
    private static uint Checksum(uint sum, ReadOnlySpan<byte> content)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(content);
        foreach (var word in words)
        {
            sum = BitOperations.Crc32C(sum, word);
        }

        foreach (var rest in content[(words.Length * sizeof(ulong))..])
        {
            sum = BitOperations.Crc32C(sum, rest);
        }

        return sum;
    }
}
