using Firn.Archive.Hashing;
using Firn.Archive.Nars;
using Firn.Archive.Trees;
using Firn.Daemon.Client;
using Firn.Daemon.Wire;
using Firn.Model.Builds;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Builds;
using Firn.Store.Contents;
using Firn.Store.Derivations;
using Firn.Store.Nars;
using Firn.Store.PathInfos;

namespace Firn.Daemon.Serving;

/// <summary>A store behind <c>nix-store --serve</c>: it can be asked for what it has, copied to and from, and have things built.</summary>
/// <param name="channel">The way there.</param>
/// <param name="directory">How paths are spelled.</param>
/// <param name="options">How builds are to be done.</param>
public sealed class ServeStore(IDaemonChannel channel, StoreDirectory directory, Func<ServeOptions> options)
    : IPathInfoSource, ISubstitutingSource, INarSource, INarSink, IContentSink, IDerivationSink, IBuilds, IStoreConnection, IDisposable
{
    private readonly ConnectionPool<Conversation> _pool = new(() => Conversation.Open(channel, directory));

    public string? Version => null;

    public bool? TrustsUs => null;

    public void Connect() => _pool.Use(_ => { });

    public PathInfo? Find(StorePath path) => _pool.Use(c =>
    {
        c.Begin(ServeCommand.QueryPathInfos);
        c.Writer.Write((StorePath[])[path]);
        c.Send();
        PathInfo? found = null;
        while (c.Reader.ReadPathOrNull() is { } next)
        {
            found = c.Reader.ReadServedInfo(next);
        }

        return found;
    });

    public bool IsValid(StorePath path) => FindValid([path], substitutes: false).Contains(path);

    public IReadOnlySet<StorePath> FindValid(IReadOnlyCollection<StorePath> paths, bool substitutes) => _pool.Use(c =>
    {
        c.Begin(ServeCommand.QueryValidPaths);
        // Kept while the connection lasts: what was found valid is not to vanish before it is used.
        c.Writer.Write(true);
        c.Writer.Write(substitutes);
        c.Writer.Write(paths);
        c.Send();
        return c.Reader.ReadPaths().ToHashSet();
    });

    public IEnumerable<StorePath> ListAll() => throw Cannot("list all objects");

    public StorePath? FindByDigest(string digest) => throw Cannot("find objects by their digest");

    public void WriteNar(StorePath path, Stream output) => _pool.Use(c =>
    {
        c.Begin(ServeCommand.DumpStorePath);
        c.Writer.Write(path);
        c.Send();
        NarReader.Copy(c.Reader.Rest, output);
    });

    public StorePath AddFromDisk(string name, string source, ContentOptions content) =>
        AddContent(name, content, visitor => TreeDumper.Dump(source, visitor, new TreeDumpOptions { Filter = content.Filter }));

    public StorePath AddFromNar(string name, Stream nar, ContentOptions content) => AddContent(name, content, visitor => NarReader.Read(nar, visitor));

    public StorePath AddText(string name, ReadOnlyMemory<byte> content, IEnumerable<StorePath> references, bool repair) => AddContent(
        name, new ContentOptions { Method = ContentAddressMethod.Text, References = [.. references], Repair = repair }, visitor =>
        {
            visitor.BeginFile(isExecutable: false, content.Length);
            visitor.Write(content.Span);
            visitor.EndFile();
        });

    public void AddDerivations(IReadOnlyList<DerivationFile> files, bool repair)
    {
        foreach (var file in files)
        {
            AddText(file.Path.Name, file.Text, file.References, repair);
        }
    }

    public void Add(PathInfo info, Stream nar, NarImport import) => _pool.Use(c =>
    {
        var writer = c.Writer;
        c.Begin(ServeCommand.AddToStoreNar);
        writer.Write(info.Path);
        writer.WriteOrNull(info.Deriver);
        writer.Write(info.NarHash.Digest(HashFormat.Base16));
        writer.Write(info.References);
        writer.Write(info.RegistrationTime);
        writer.Write(info.NarSize);
        writer.Write(info.IsUltimate);
        writer.Write(info.Signatures);
        writer.Write(info.ContentAddress?.ToString() ?? "");
        NarReader.Copy(nar, writer.Rest);
        c.Send();
        if (c.Reader.ReadNumber() != 1)
        {
            throw new DaemonException(DaemonErrors.Remote, $"failed to add path '{directory.Absolute(info.Path)}' to remote store '{channel.Uri}'");
        }
    });

    public BuildPlan Plan(IEnumerable<DerivedPath> wanted) => new([], [], [], 0, 0);

    public BuildResults Build(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation) => _pool.Use(c =>
    {
        c.Begin(ServeCommand.BuildPaths);
        // Written as the worker protocol did before its version 1.30.
        c.Writer.WriteList(wanted, c.Writer.Write);
        c.Writer.Write(options());
        c.Send();
        var status = (BuildStatus)c.Reader.ReadNumber((long)BuildStatus.NoSubstituters);
        var result = new BuildResult { Status = status };
        if (!result.IsSuccess)
        {
            result = result with { Failure = new Diagnostic(DaemonErrors.Remote, c.Reader.ReadString()) };
        }

        return new BuildResults([.. wanted.Select(w => new KeyedBuildResult(w, result))], result.IsSuccess ? 0 : FailureStatus.Of([status]));
    });

    public BuildResult BuildDerivation(StorePath path, Derivation derivation, BuildMode mode, CancellationToken cancellation)
    {
        try
        {
            return _pool.Use(c =>
            {
                using var registration = cancellation.Register(c.Dispose);
                c.Begin(ServeCommand.BuildDerivation);
                c.Writer.Write(path);
                c.Writer.Write(derivation);
                c.Writer.Write(options());
                c.Send();
                return c.Reader.ReadResult(ResultForm.OfServing(c.Reader.Version));
            });
        }
        catch (Exception e) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("the build was given up", e, cancellation);
        }
    }

    public void Ensure(StorePath path, CancellationToken cancellation)
    {
        if (!FindValid([path], substitutes: true).Contains(path))
        {
            throw StoreException.NotValid(path, directory);
        }
    }

    public void Repair(StorePath path, CancellationToken cancellation) => throw Cannot("repair objects");

    public void Dispose()
    {
        _pool.Dispose();
        channel.Dispose();
    }

    /// <summary>Adds what has no name yet: the protocol wants to know that before the content, which is kept in a file meanwhile.</summary>
    private StorePath AddContent(string name, ContentOptions content, Action<INarVisitor> visit)
    {
        const int bufferSize = 64 * 1024;
        using var kept = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize, FileOptions.DeleteOnClose);
        var writer = new NarWriter(kept);
        using var hash = content.Method == ContentAddressMethod.NixArchive ? null : ContentHash.For(content.Method, content.Algorithm);
        visit(hash is null ? writer : new TeeVisitor(writer, hash));
        writer.Finish();
        kept.Flush();
        var nar = PathHash.OfFile(kept.Name);
        var address = new ContentAddress(
            content.Method, hash?.Finish() ?? (content.Algorithm == HashAlgorithm.Sha256 ? nar.Hash : PathHash.OfFile(kept.Name, content.Algorithm).Hash));
        var path = directory.MakeContentAddressed(name, address, content.References);
        if (content.Repair || !IsValid(path))
        {
            kept.Position = 0;
            Add(
                new PathInfo { Path = path, NarHash = nar.Hash, NarSize = nar.Size, References = [.. content.References.Distinct().Order()], ContentAddress = address },
                kept, new NarImport(content.Repair, ChecksSignatures: false));
        }

        return path;
    }

    private StoreException Cannot(string what) => new(StoreErrors.Unsupported, $"store '{channel.Uri}' cannot {what}: its protocol has no words for it", hints: "'ssh-ng://' in the place of 'ssh://' speaks one that has");

    /// <summary>One connection.</summary>
    private sealed class Conversation(WireReader reader, WireWriter writer, IDisposable owned) : IDisposable
    {
        public WireReader Reader { get; } = reader;

        public WireWriter Writer { get; } = writer;

        public static Conversation Open(IDaemonChannel channel, StoreDirectory directory)
        {
            var (input, output, owned) = channel.Open();
            try
            {
                var (reader, writer) = (new WireReader(input, directory), new WireWriter(output, directory));
                writer.Write(ServeProtocol.ClientMagic);
                writer.Write(ServeProtocol.Latest.ToWire());
                writer.Flush();
                if (reader.IsAtEnd() || reader.ReadNumber() != ServeProtocol.ServerMagic)
                {
                    throw new DaemonException(DaemonErrors.Connect, $"'nix-store --serve' protocol mismatch from '{channel.Uri}'");
                }

                var theirs = ProtocolVersion.FromWire(reader.ReadNumber());
                if (theirs.Major != 2 || theirs < ServeProtocol.Oldest)
                {
                    throw DaemonException.Protocol($"unsupported 'nix-store --serve' protocol version {theirs} on '{channel.Uri}'");
                }

                reader.Version = writer.Version = ProtocolVersion.Lower(theirs, ServeProtocol.Latest);
                return new Conversation(reader, writer, owned);
            }
            catch (Exception e)
            {
                if (channel.CloseFailed(owned) is { } reason)
                {
                    throw new DaemonException(DaemonErrors.Connect, $"cannot connect to '{channel.Uri}': {reason}", e);
                }

                throw e as DaemonException ?? new DaemonException(DaemonErrors.Connect, $"cannot connect to '{channel.Uri}': {e.Message}", e);
            }
        }

        public void Begin(ServeCommand command) => Writer.Write((ulong)command);

        public void Send()
        {
            Writer.Flush();
            _ = Reader.IsAtEnd();
        }

        public void Dispose() => owned.Dispose();
    }
}
