using System.Collections.Immutable;
using System.Text;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Model.Derivations;

/// <summary>Reads one derivation from the bytes of its file.</summary>
internal ref struct DerivationAtermReader(ReadOnlySpan<byte> text, StoreDirectory directory)
{
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;

    public Derivation Read(string name)
    {
        var dynamic = TrySkip("DrvWithVersion("u8);
        if (dynamic)
        {
            if (String() is var version && version != "xp-dyn-drv")
            {
                throw Bad($"its version '{version}' is not known");
            }

            Expect(","u8);
        }
        else
        {
            Expect("Derive("u8);
        }

        var outputs = ImmutableArray.CreateBuilder<NamedOutput>();
        Expect("["u8);
        while (!EndOfList())
        {
            Expect("("u8);
            var output = OutputNamed(String());
            Expect(","u8);
            var path = String();
            Expect(","u8);
            var algorithm = String();
            Expect(","u8);
            outputs.Add(new NamedOutput(output, Output(path, algorithm, String())));
            Expect(")"u8);
        }

        var inputs = ImmutableArray.CreateBuilder<InputDerivation>();
        Expect(",["u8);
        while (!EndOfList())
        {
            Expect("("u8);
            var path = directory.Parse(String());
            Expect(","u8);
            inputs.Add(new InputDerivation(path, Wanted(dynamic, MaxDepth)));
            Expect(")"u8);
        }

        Expect(","u8);
        var sources = Strings().Select(directory.Parse).ToImmutableArray();
        Expect(","u8);
        var platform = Bytes();
        Expect(","u8);
        var builder = Bytes();
        var arguments = ImmutableArray.CreateBuilder<ByteString>();
        Expect(",["u8);
        while (!EndOfList())
        {
            arguments.Add(Bytes());
        }

        var environment = ImmutableArray.CreateBuilder<EnvironmentVariable>();
        Expect(",["u8);
        while (!EndOfList())
        {
            Expect("("u8);
            var variable = Bytes();
            Expect(","u8);
            environment.Add(new EnvironmentVariable(variable, Bytes()));
            Expect(")"u8);
        }

        Expect(")"u8);
        outputs.Sort((a, b) => Utf8Order.Comparer.Compare(a.Name, b.Name));
        inputs.Sort((a, b) => a.Path.CompareTo(b.Path));
        environment.Sort((a, b) => a.Name.CompareTo(b.Name));
        return new Derivation
        {
            Name = name,
            Outputs = outputs.ToImmutable(),
            InputDerivations = inputs.ToImmutable(),
            InputSources = [.. sources.Distinct().Order()],
            Platform = platform,
            Builder = builder,
            Arguments = arguments.ToImmutable(),
            Environment = environment.ToImmutable(),
        };
    }

    internal readonly DerivationOutput Output(string path, string algorithmText, string hash)
    {
        if (algorithmText.Length == 0)
        {
            return path.Length == 0
                ? new DerivationOutput.Deferred()
                : new DerivationOutput.InputAddressed(directory.Parse(path));
        }

        var rest = algorithmText.AsSpan();
        var method = ContentAddressMethods.ParsePrefix(ref rest);
        var algorithm = HashAlgorithms.Find(rest) ?? throw Bad($"'{algorithmText}' is not a hash algorithm");
        if (hash.Length > 0 && hash != "impure")
        {
            return Hash.TryParseDigest(hash, algorithm, out var digest)
                ? new DerivationOutput.FixedContent(new ContentAddress(method, digest))
                : throw Bad($"'{hash}' is not a {algorithm.Name()} hash");
        }

        if (path.Length > 0)
        {
            throw Bad("an output addressed by its content cannot name its path");
        }

        return hash.Length == 0
            ? new DerivationOutput.FloatingContent(method, algorithm)
            : new DerivationOutput.Impure(method, algorithm);
    }

    private WantedOutputs Wanted(bool dynamic, int depth)
    {
        if (depth == 0)
        {
            throw Bad($"dynamic outputs nest deeper than {MaxDepth} levels");
        }

        if (!dynamic || !TrySkip("("u8))
        {
            return WantedOutputs.Of(Outputs());
        }

        var names = WantedOutputs.Of(Outputs()).Names;
        var inner = ImmutableArray.CreateBuilder<DynamicOutputs>();
        Expect(",["u8);
        while (!EndOfList())
        {
            Expect("("u8);
            var output = OutputNamed(String());
            Expect(","u8);
            inner.Add(new DynamicOutputs(output, Wanted(dynamic, depth - 1)));
            Expect(")"u8);
        }

        Expect(")"u8);
        inner.Sort((a, b) => Utf8Order.Comparer.Compare(a.Output, b.Output));
        return new WantedOutputs(names, inner.ToImmutable());
    }

    // Output names are part of store paths, and are written without escapes.
    private readonly string OutputNamed(string name) =>
        StorePathName.FindProblem(name) is { } problem ? throw Bad($"an output's {problem}") : name;

    private List<string> Outputs()
    {
        var names = Strings();
        foreach (var name in names)
        {
            OutputNamed(name);
        }

        return names;
    }

    private List<string> Strings()
    {
        var items = new List<string>();
        Expect("["u8);
        while (!EndOfList())
        {
            items.Add(String());
        }

        return items;
    }

    private string String() => Bytes().ToString();

    private ByteString Bytes()
    {
        Expect("\""u8);
        var end = _text[_at..].IndexOfAny((byte)'"', (byte)'\\');
        if (end >= 0 && _text[_at + end] == '"')
        {
            var plain = _text.Slice(_at, end).ToArray();
            _at += end + 1;
            return new ByteString(plain);
        }

        var unescaped = new List<byte>();
        while (_at < _text.Length)
        {
            var b = _text[_at++];
            if (b == '"')
            {
                return new ByteString([.. unescaped]);
            }

            if (b == '\\' && _at < _text.Length)
            {
                b = _text[_at++] switch
                {
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    var other => other,
                };
            }

            unescaped.Add(b);
        }

        throw Bad("a string has no end");
    }

    private bool EndOfList()
    {
        if (TrySkip("]"u8))
        {
            return true;
        }

        _ = TrySkip(","u8);
        return false;
    }

    private bool TrySkip(ReadOnlySpan<byte> expected)
    {
        if (!_text[_at..].StartsWith(expected))
        {
            return false;
        }

        _at += expected.Length;
        return true;
    }

    private void Expect(ReadOnlySpan<byte> expected)
    {
        if (!TrySkip(expected))
        {
            throw Bad($"expected '{Encoding.UTF8.GetString(expected)}'");
        }
    }

    private readonly InvalidFormatException Bad(string problem) => new("derivation", $"{problem} (at byte {_at})");
}
