using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.Builds;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store.Nars;
using Firn.Store.Realisations;

namespace Firn.Daemon.Serving;

/// <summary>Serves one client of <c>nix-store --serve</c> until it goes.</summary>
/// <param name="input">What it sends.</param>
/// <param name="output">What it is sent.</param>
/// <param name="directory">How paths are spelled.</param>
/// <param name="host">What it is served with.</param>
/// <param name="mayWrite">Whether it may change the store and build.</param>
public sealed class ServeServer(Stream input, Stream output, StoreDirectory directory, IServeHost host, bool mayWrite)
{
    private readonly WireReader _reader = new(input, directory);
    private readonly WireWriter _writer = new(output, directory);

    /// <summary>Serves until the client goes.</summary>
    /// <exception cref="DaemonException">It does not speak the protocol, or asks for what it may not.</exception>
    public void Run(CancellationToken cancellation)
    {
        if (_reader.IsAtEnd())
        {
            return;
        }

        if (_reader.ReadNumber() != ServeProtocol.ClientMagic)
        {
            throw DaemonException.Protocol("protocol mismatch: what calls is no client of 'nix-store --serve'");
        }

        _writer.Write(ServeProtocol.ServerMagic);
        _writer.Write(ServeProtocol.Latest.ToWire());
        _writer.Flush();
        _reader.Version = _writer.Version = ProtocolVersion.Lower(ProtocolVersion.FromWire(_reader.ReadNumber()), ServeProtocol.Latest);
        while (!_reader.IsAtEnd())
        {
            Serve((ServeCommand)_reader.ReadNumber(), cancellation);
            _writer.Flush();
        }
    }

    private void Serve(ServeCommand command, CancellationToken cancellation)
    {
        switch (command)
        {
            case ServeCommand.QueryValidPaths:
                QueryValidPaths(cancellation);
                break;
            case ServeCommand.QueryPathInfos:
                QueryPathInfos();
                break;
            case ServeCommand.DumpStorePath:
                host.Store.Nars.WriteNar(_reader.ReadPath(), _writer.Rest);
                break;
            case ServeCommand.ImportPaths:
                NeedWriting("importing");
                host.Import(_reader.Rest);
                _writer.Write(1UL);
                break;
            case ServeCommand.BuildPaths:
                BuildPaths(cancellation);
                break;
            case ServeCommand.QueryClosure:
                var includesOutputs = _reader.ReadFlag();
                var start = _reader.ReadPaths();
                _writer.Write(includesOutputs ? host.Store.Closure.WithOutputs(start, host.Store.Outputs) : host.Store.Closure.Of(start));
                break;
            case ServeCommand.BuildDerivation:
                BuildDerivation(cancellation);
                break;
            case ServeCommand.AddToStoreNar:
                NeedWriting("importing");
                AddToStoreNar();
                break;
            default:
                throw DaemonException.Protocol($"unknown serve command {(ulong)command}");
        }
    }

    private void QueryValidPaths(CancellationToken cancellation)
    {
        var keeps = _reader.ReadFlag();
        var substitutes = _reader.ReadFlag();
        var paths = _reader.ReadPaths();
        foreach (var path in keeps && mayWrite && host.Store.HasTemporaryRoots ? paths : [])
        {
            host.Store.TemporaryRoots.AddTemporaryRoot(path);
        }

        if (substitutes && mayWrite)
        {
            Substitution.Try(host.Store, paths, cancellation);
        }

        _writer.Write(paths.Where(host.Store.Infos.IsValid));
    }

    private void QueryPathInfos()
    {
        foreach (var path in _reader.ReadPaths().Distinct().Order())
        {
            if (host.Store.Infos.Find(path) is { } info)
            {
                _writer.Write(path);
                _writer.WriteServed(info);
            }
        }

        _writer.Write("");
    }

    private void BuildPaths(CancellationToken cancellation)
    {
        NeedWriting("building");
        var wanted = _reader.ReadList(_reader.ReadDerivedPath);
        host.Configure(_reader.ReadOptions());
        if (host.TryBuildAll(wanted, cancellation) is var (status, failure))
        {
            _writer.Write((ulong)(status == BuildStatus.HashMismatch ? BuildStatus.OutputRejected : status));
            _writer.Write(failure.Message);
        }
        else
        {
            _writer.Write(0UL);
        }
    }

    private void BuildDerivation(CancellationToken cancellation)
    {
        NeedWriting("building");
        var path = _reader.ReadPath();
        if (!path.IsDerivation)
        {
            throw DaemonException.Protocol($"'{directory.Absolute(path)}' is not the path of a derivation");
        }

        var derivation = _reader.ReadDerivation(path.Name[..^4]);
        host.Configure(_reader.ReadOptions());
        var result = host.Store.Builds.BuildDerivation(path, derivation, BuildMode.Normal, cancellation);
        var ids = new OutputIds(host.Store.Derivations, directory);
        _writer.Write(result, ResultForm.OfServing(_reader.Version), name => ids.Of(derivation, name));
    }

    private void AddToStoreNar()
    {
        var path = _reader.ReadPath();
        var deriver = _reader.ReadPathOrNull();
        var info = new PathInfo
        {
            Path = path,
            Deriver = deriver,
            NarHash = Hash.Parse(_reader.ReadName(), HashAlgorithm.Sha256),
            References = [.. _reader.ReadPaths().Distinct().Order()],
            RegistrationTime = _reader.ReadNumber(long.MaxValue),
            NarSize = _reader.ReadNumber(long.MaxValue),
        };
        info = _reader.ReadTrust(info);
        // Whoever can log in and start this program may write to the store anyway.
        host.Store.NarSink.Add(info, _reader.Rest, new NarImport(Repair: false, ChecksSignatures: false));
        _writer.Write(1UL);
    }

    private void NeedWriting(string what)
    {
        if (!mayWrite)
        {
            throw new DaemonException(DaemonErrors.NotAllowed, $"{what} paths is not allowed", null, "start it as 'nix-store --serve --write'");
        }
    }
}
