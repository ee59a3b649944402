using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Model.Derivations;

/// <summary>A derivation while it is made: its file, the paths of its outputs and the hash for what needs it come from one text.</summary>
/// <remarks>
/// The text is written once, with holes where the output paths will stand. The texts for the hashes are copies of it in
/// which the inputs are replaced, with holes left out for the paths' own hash. A draft is used again and again, so that of
/// 20,000 derivations little more than their files is allocated (`benchmarks/growth/derivations.nix`).
/// </remarks>
/// <param name="directory">The store that the derivations are for.</param>
/// <param name="hashOf">Gives the unmasked hash of a derivation that another needs.</param>
public sealed class DerivationDraft(StoreDirectory directory, Func<StorePath, HashModulo> hashOf)
{
    private readonly PooledWriter _names = new();
    private readonly PooledWriter _values = new();
    private readonly PooledWriter _arguments = new();
    private readonly PooledWriter _text = new();
    private readonly PooledWriter _inputTexts = new();
    private readonly PooledWriter _scratch = new();
    private readonly List<Variable> _variables = [];
    private readonly List<Hole> _holes = [];
    private readonly List<(StorePath Path, WantedOutputs Outputs)> _inputs = [];
    private readonly List<StorePath> _sources = [];
    private readonly List<HashedInput> _hashedInputs = [];
    private PooledWriter _target = null!;

    /// <summary>Starts a new derivation.</summary>
    public void Clear()
    {
        _names.Clear();
        _values.Clear();
        _arguments.Clear();
        _variables.Clear();
        _inputs.Clear();
        _sources.Clear();
    }

    /// <summary>Starts a variable of the environment; they come in the order of their names' bytes. What is appended is its value.</summary>
    public void BeginVariable(ReadOnlySpan<byte> name)
    {
        _variables.Add(new Variable(_names.Count, name.Length, _values.Count));
        _names.Write(name);
        _target = _values;
        _values.Write("("u8);
        DerivationAterm.Quoted(_values, name);
        _values.Write(",\""u8);
    }

    public void EndVariable() => _values.Write("\")"u8);

    /// <summary>Starts an argument of the builder; what is appended is the argument.</summary>
    public void BeginArgument()
    {
        _target = _arguments;
        _arguments.Write(_arguments.Count == 0 ? "\""u8 : ",\""u8);
    }

    public void EndArgument() => _arguments.Write("\""u8);

    /// <summary>Appends to the variable or argument that was begun.</summary>
    public void Append(ReadOnlySpan<byte> value) => DerivationAterm.Escaped(_target, value);

    /// <summary>Adds what it needs of another derivation; they come in the order of their paths.</summary>
    public void AddInput(StorePath path, WantedOutputs outputs) => _inputs.Add((path, outputs));

    /// <summary>Adds a source that it needs; they come in order.</summary>
    public void AddSource(StorePath path) => _sources.Add(path);

    /// <summary>Makes the derivation of what was collected.</summary>
    /// <param name="name">The name without <c>.drv</c>, which is valid.</param>
    /// <param name="outputs">The names of the outputs.</param>
    /// <param name="way">How the path of each is found; deferred for those that follow from the inputs.</param>
    /// <param name="platform">What the builder runs on.</param>
    /// <param name="builder">The builder.</param>
    /// <returns>The file, and the hash by which what needs the derivation counts it.</returns>
    public (DerivationFile File, HashModulo Hash) Finish(
        string name, ImmutableArray<string> outputs, DerivationOutput way, ReadOnlySpan<byte> platform, ReadOnlySpan<byte> builder)
    {
        var isDeferred = way is not DerivationOutput.FixedContent && HashInputs(name);
        var isAddressed = way is DerivationOutput.Deferred && !isDeferred;
        isDeferred |= way is DerivationOutput.FloatingContent or DerivationOutput.Impure;
        outputs = outputs.Length == 1 ? outputs : [.. outputs.Order(Utf8Order.Comparer)];
        var paths = new StorePath?[outputs.Length];
        if (!isAddressed)
        {
            for (var i = 0; i < paths.Length; i++)
            {
                paths[i] = way.FindPath(directory, name, outputs[i]);
            }
        }

        var (start, end) = WriteText(name, outputs, paths, way, isAddressed, platform, builder);
        if (isAddressed)
        {
            WriteHashed(start, end, isMasked: true);
            var hash = Hash.Sha256(_scratch.Written);
            for (var i = 0; i < paths.Length; i++)
            {
                _scratch.Clear();
                _scratch.Write("output:"u8);
                _scratch.Write(outputs[i]);
                paths[i] = directory.Make(_scratch, hash, OutputName.PathName(name, outputs[i]));
            }

            foreach (var hole in _holes)
            {
                directory.Prefix.CopyTo(_text.Written[hole.Start..]);
                paths[hole.Output]!.Bytes.CopyTo(_text.Written[(hole.Start + directory.Prefix.Length)..]);
            }
        }

        HashModulo modulo;
        if (way is DerivationOutput.FixedContent content)
        {
            modulo = new HashModulo.Fixed([.. outputs.Select(o => (o, HashModulo.OfFixed(name, directory, o, content)))]);
        }
        else
        {
            WriteHashed(start, end, isMasked: false);
            modulo = new HashModulo.Whole(Hash.Sha256(_scratch.Written), isDeferred);
        }

        return (MakeFile(name, outputs, paths), modulo);
    }

    /// <summary>Writes what stands for the inputs; tells whether the outputs of one have no known paths.</summary>
    private bool HashInputs(string name)
    {
        _hashedInputs.Clear();
        var isDeferred = false;
        foreach (var (path, wanted) in _inputs)
        {
            isDeferred |= HashModulo.Add(_hashedInputs, name, path, wanted, hashOf);
        }

        HashModulo.Merge(_hashedInputs);
        _inputTexts.Clear();
        DerivationAterm.Inputs(_inputTexts, CollectionsMarshal.AsSpan(_hashedInputs));
        return isDeferred;
    }

    /// <summary>Writes the text; returns where in it the inputs are.</summary>
    private (int Start, int End) WriteText(
        string name, ImmutableArray<string> outputs, StorePath?[] paths, DerivationOutput way, bool isAddressed,
        ReadOnlySpan<byte> platform, ReadOnlySpan<byte> builder)
    {
        _text.Clear();
        _holes.Clear();
        _text.Write(DerivationAterm.Start(_inputs.Exists(i => !i.Outputs.Dynamic.IsEmpty)));
        var separator = ""u8;
        for (var i = 0; i < outputs.Length; i++)
        {
            _text.Write(separator);
            separator = ","u8;
            if (isAddressed)
            {
                _text.Write("(\""u8);
                _text.Write(outputs[i]);
                _text.Write("\",\""u8);
                LeaveHole(name, outputs, i);
                _text.Write("\",\"\",\"\")"u8);
            }
            else
            {
                DerivationAterm.Output(_text, outputs[i], DerivationAterm.OutputFields(way, Absolute(paths[i])));
            }
        }

        _text.Write("],["u8);
        var start = _text.Count;
        separator = ""u8;
        foreach (var (path, wanted) in _inputs)
        {
            _text.Write(separator);
            separator = ","u8;
            DerivationAterm.Input(_text, directory, path, wanted);
        }

        var end = _text.Count;
        DerivationAterm.Sources(_text, directory, CollectionsMarshal.AsSpan(_sources));
        DerivationAterm.Platform(_text, platform);
        DerivationAterm.Quoted(_text, builder);
        _text.Write(",["u8);
        _text.Write(_arguments.Written);
        _text.Write("],["u8);
        WriteEnvironment(name, outputs, paths, way, isAddressed);
        _text.Write("])"u8);
        return (start, end);
    }

    // Each output's path is a variable as well, in the place of one that the author gave that name.
    private void WriteEnvironment(string name, ImmutableArray<string> outputs, StorePath?[] paths, DerivationOutput way, bool isAddressed)
    {
        var separator = ""u8;
        var next = 0;
        for (var i = 0; i <= outputs.Length; i++)
        {
            var output = i == outputs.Length ? default : outputs[i] == OutputName.Default ? "out"u8 : Encoding.UTF8.GetBytes(outputs[i]);
            for (; next < _variables.Count; next++)
            {
                var variable = _variables[next];
                var order = i == outputs.Length ? -1 : ((ReadOnlySpan<byte>)_names.Written.Slice(variable.Name, variable.NameLength)).SequenceCompareTo(output);
                if (order > 0)
                {
                    break;
                }

                if (order < 0)
                {
                    _text.Write(separator);
                    separator = ","u8;
                    _text.Write(_values.Written[variable.Start..(next + 1 < _variables.Count ? _variables[next + 1].Start : _values.Count)]);
                }
            }

            if (i < outputs.Length)
            {
                _text.Write(separator);
                separator = ","u8;
                _text.Write("("u8);
                DerivationAterm.Quoted(_text, output);
                _text.Write(",\""u8);
                if (isAddressed)
                {
                    LeaveHole(name, outputs, i);
                }
                else
                {
                    // Where the paths will follow from the inputs the builder is told once they are known.
                    DerivationAterm.Escaped(_text, Encoding.UTF8.GetBytes(
                        paths[i] is not null ? Absolute(paths[i])
                        : way is DerivationOutput.Deferred ? ""
                        : Placeholder.OfOutput(outputs[i]).ToString()));
                }

                _text.Write("\")"u8);
            }
        }
    }

    private void LeaveHole(string name, ImmutableArray<string> outputs, int output)
    {
        var length = directory.Prefix.Length + StorePath.DigestLength + 1 + OutputName.PathName(name, outputs[output]).Length;
        _holes.Add(new Hole(_text.Count, length, output));
        _text.Skip(length);
    }

    private void WriteHashed(int start, int end, bool isMasked)
    {
        _scratch.Clear();
        var text = _text.Written;
        var done = 0;
        var hasInputs = false;
        foreach (var hole in isMasked ? CollectionsMarshal.AsSpan(_holes) : [])
        {
            if (!hasInputs && hole.Start >= end)
            {
                WriteInputs(ref done, text);
            }

            _scratch.Write(text[done..hole.Start]);
            done = hole.Start + hole.Length;
        }

        if (!hasInputs)
        {
            WriteInputs(ref done, text);
        }

        _scratch.Write(text[done..]);

        void WriteInputs(ref int done, ReadOnlySpan<byte> text)
        {
            _scratch.Write(text[done..start]);
            _scratch.Write(_inputTexts.Written);
            done = end;
            hasInputs = true;
        }
    }

    private DerivationFile MakeFile(string name, ImmutableArray<string> outputs, StorePath?[] paths)
    {
        var references = References();
        _scratch.Clear();
        _scratch.Write("text"u8);
        foreach (var reference in references)
        {
            _scratch.Write(":"u8);
            _scratch.Write(directory.Prefix);
            _scratch.Write(reference.Bytes);
        }

        var known = new KnownOutput[paths[0] is null ? 0 : paths.Length];
        for (var i = 0; i < known.Length; i++)
        {
            known[i] = new(outputs[i], paths[i]!);
        }

        var hash = Hash.Sha256(_text.Written);
        return new DerivationFile(
            directory.Make(_scratch, hash, name + ".drv"), _text.Written.ToArray(), hash,
            ImmutableCollectionsMarshal.AsImmutableArray(references), ImmutableCollectionsMarshal.AsImmutableArray(known));
    }

    private StorePath[] References()
    {
        var references = new StorePath[_inputs.Count + _sources.Count];
        var (count, i, j) = (0, 0, 0);
        while (i < _inputs.Count || j < _sources.Count)
        {
            var order = i == _inputs.Count ? 1 : j == _sources.Count ? -1 : _inputs[i].Path.CompareTo(_sources[j]);
            references[count++] = order <= 0 ? _inputs[i].Path : _sources[j];
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return count == references.Length ? references : references[..count];
    }

    private string Absolute(StorePath? path) => path is null ? "" : directory.Absolute(path);

    /// <summary>Where the name of a variable is, and the text that it and its value make.</summary>
    private readonly record struct Variable(int Name, int NameLength, int Start);

    /// <summary>A place in the text for the path of an output.</summary>
    private readonly record struct Hole(int Start, int Length, int Output);
}
