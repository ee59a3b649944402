using System.Collections.Immutable;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Printing;
using Firn.Evaluation.Values;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Model.Text.Json;

namespace Firn.Evaluation.Builtins;

/// <summary>Collects what a derivation is made of from its attributes, in the order of their names.</summary>
internal sealed class DerivationRecipe(Evaluator eval, string name, AttributeSet attributes)
{
    private static readonly string[] _shadowedChecks =
        ["allowedReferences", "allowedRequisites", "disallowedReferences", "disallowedRequisites", "maxSize", "maxClosureSize"];

    private readonly List<EnvironmentVariable> _environment = [];
    private ImmutableArray<ByteString> _arguments = [];
    private StringContext? _context;
    private ByteString _builder;
    private ByteString _platform;
    private ImmutableArray<string> _outputs = [OutputName.Default];
    private string? _outputHash;
    private HashAlgorithm? _algorithm;
    private ContentAddressMethod? _method;
    private bool _isContentAddressed;
    private bool _isImpure;
    private Syntax.Text.Symbol? _attribute;
    private Func<string>? _describe;

    public AttributeSet Build()
    {
        var isStructured = Flag(eval.Names.StructuredAttrs);
        var ignoresNulls = Flag(eval.Names.IgnoreNulls);
        var json = isStructured ? new JsonWriter() : null;
        json?.StartObject();
        foreach (var (attribute, value, position) in attributes.ByName(eval.Symbols))
        {
            if (ReferenceEquals(attribute, eval.Names.IgnoreNulls) || (ignoresNulls && eval.Force(value).IsNull))
            {
                continue;
            }

            _attribute = attribute;
            using var frame = eval.Describing(_describe ??= () => $"while evaluating attribute '{_attribute}' of derivation '{name}'", position);
            switch (attribute.ToString())
            {
                case "__contentAddressed":
                    _isContentAddressed = eval.ForceBool(value, position, "");
                    break;
                case "__impure":
                    _isImpure = eval.ForceBool(value, position, "");
                    break;
                case "args":
                    _arguments = [.. eval.ForceList(value, position, "").Items.ToArray().Select(item =>
                        Coerce(item, position, "while evaluating an element of the argument list"))];
                    break;
                case "__structuredAttrs" when json is not null:
                    break;
                case var text when json is not null:
                    AddStructured(json, attribute, text, value, position);
                    break;
                case var text:
                    Add(attribute, text, Coerce(value, position, ""), position);
                    break;
            }
        }

        if (json is not null)
        {
            json.EndObject();
            _environment.Add(new EnvironmentVariable(ByteString.Of("__json"), new ByteString(json.Written.ToArray())));
        }

        Check();
        return Finish();
    }

    private void Add(Syntax.Text.Symbol attribute, string text, ByteString value, int position)
    {
        _environment.Add(new EnvironmentVariable(new ByteString(attribute.Bytes), value));
        switch (text)
        {
            case "builder":
                _builder = value;
                break;
            case "system":
                _platform = value;
                break;
            case "outputHash":
                _outputHash = value.ToString();
                break;
            case "outputHashAlgo":
                _algorithm = HashAlgorithms.Find(value.ToString());
                break;
            case "outputHashMode":
                SetMethod(value.ToString(), position);
                break;
            case "outputs":
                SetOutputs(value.ToString().Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries), position);
                break;
            case "__json":
                eval.Host.Tell(
                    Host.MessageKind.Warning,
                    $"In derivation '{name}': setting structured attributes via '__json' is deprecated, and may be disallowed in future versions of Nix. Set '__structuredAttrs = true' instead.");
                break;
        }
    }

    private void AddStructured(JsonWriter json, Syntax.Text.Symbol attribute, string text, Value value, int position)
    {
        json.Key(attribute.Bytes);
        _context = StringContext.Union(_context, ValueJson.Write(value, eval, copyToStore: true, json));
        switch (text)
        {
            case "builder":
                var builder = eval.ForceString(value, position, "");
                _context = StringContext.Union(_context, builder.Context);
                _builder = new ByteString(builder.Bytes.ToArray());
                break;
            case "system":
                _platform = new ByteString(Plain(value, position).Bytes.ToArray());
                break;
            case "outputHash":
                _outputHash = Plain(value, position).ToString();
                break;
            case "outputHashAlgo":
                _algorithm = HashAlgorithms.Find(Plain(value, position).ToString());
                break;
            case "outputHashMode":
                SetMethod(Plain(value, position).ToString(), position);
                break;
            case "outputs":
                SetOutputs([.. eval.ForceList(value, position, "").Items.ToArray().Select(i => Plain(i, position).ToString())], position);
                break;
            case var check when _shadowedChecks.Contains(check):
                eval.Host.Tell(
                    Host.MessageKind.Warning,
                    $"In a derivation named '{name}', 'structuredAttrs' disables the effect of the derivation attribute '{check}'; use 'outputChecks.<output>.{check}' instead");
                break;
        }
    }

    private void SetMethod(string text, int position) => _method = ContentAddressMethods.Find(text)
        ?? throw eval.Error(
            EvaluationErrors.BadArgument, position, $"invalid value '{text}' for 'outputHashMode' attribute",
            "It can be \"flat\", \"nar\", \"recursive\", \"text\" or \"git\".");

    private void SetOutputs(string[] outputs, int position)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            if (outputs.AsSpan(0, i).Contains(outputs[i]))
            {
                throw eval.Error(EvaluationErrors.BadArgument, position, $"duplicate derivation output '{outputs[i]}'");
            }

            // The resulting set has an attribute of that name already.
            if (outputs[i] == "drvPath")
            {
                throw eval.Error(EvaluationErrors.BadArgument, position, "invalid derivation output name 'drvPath'");
            }
        }

        _outputs = outputs.Length > 0
            ? [.. outputs]
            : throw eval.Error(EvaluationErrors.BadArgument, position, "derivation cannot have an empty set of outputs");
    }

    private void Check()
    {
        if (_builder.Length == 0)
        {
            throw eval.ErrorIn(attributes, EvaluationErrors.MissingAttribute, "required attribute 'builder' missing");
        }

        if (_platform.Length == 0)
        {
            throw eval.ErrorIn(attributes, EvaluationErrors.MissingAttribute, "required attribute 'system' missing");
        }

        if (StorePathName.FindProblem(name) is { } problem)
        {
            throw eval.ErrorIn(attributes, EvaluationErrors.BadArgument, $"invalid derivation name: {problem}. Please pass a different '--name'.");
        }

        if (name.EndsWith(".drv", StringComparison.Ordinal)
            && !(_method == ContentAddressMethod.Text && _outputs is [OutputName.Default]))
        {
            throw eval.Error(
                EvaluationErrors.BadArgument, 0,
                "derivation names are allowed to end in '.drv' only if they produce a single derivation file");
        }

        if (_outputHash is not null && _outputs is not [OutputName.Default])
        {
            throw eval.Error(EvaluationErrors.BadArgument, 0, "multiple outputs are not supported in fixed-output derivations");
        }

        if (_isContentAddressed && _isImpure)
        {
            throw eval.Error(EvaluationErrors.BadArgument, 0, "derivation cannot be both content-addressed and impure");
        }
    }

    private AttributeSet Finish()
    {
        var store = eval.Host.Store;
        var (inputs, sources) = Inputs(store);
        var derivation = new Derivation
        {
            Name = name,
            Outputs = [.. _outputs.Order(Utf8Order.Comparer).Select(o => new NamedOutput(o, OutputOf()))],
            InputDerivations = inputs,
            InputSources = sources,
            Platform = _platform,
            Builder = _builder,
            Arguments = _arguments,
        };
        derivation = WithOutputPaths(derivation, store.Directory);
        var path = store.AddDerivation(derivation);
        eval.Derivations.Add(path, derivation);
        var result = new AttributeSetBuilder(derivation.Outputs.Length + 1);
        result.Add(eval.Names.DrvPath, NixString.Of(
            store.Directory.Absolute(path), StringContext.Of(new ContextElement.DerivationClosure(path))));
        foreach (var (output, way) in derivation.Outputs)
        {
            result.Add(eval.Symbols.Intern(output), eval.OutputString(
                new ContextElement.Output(path, output), way.FindPath(store.Directory, name, output)));
        }

        return result.Build();
    }

    private DerivationOutput OutputOf()
    {
        if (_outputHash is not null)
        {
            return new DerivationOutput.FixedContent(new ContentAddress(
                _method ?? ContentAddressMethod.Flat, eval.ParseHashAllowingEmpty(_outputHash, _algorithm)));
        }

        var (method, algorithm) = (_method ?? ContentAddressMethod.NixArchive, _algorithm ?? HashAlgorithm.Sha256);
        return _isContentAddressed ? new DerivationOutput.FloatingContent(method, algorithm)
            : _isImpure ? new DerivationOutput.Impure(method, algorithm)
            : new DerivationOutput.Deferred();
    }

    // Each output's path is a variable of the build; for the hash that decides the paths it is blank.
    private Derivation WithOutputPaths(Derivation derivation, StoreDirectory directory)
    {
        if (derivation.Outputs is not [{ Output: DerivationOutput.Deferred }, ..])
        {
            return derivation with
            {
                Environment = Environment(output => derivation.FindOutput(output)!.FindPath(directory, name, output) is { } known
                    ? directory.Absolute(known)
                    : Placeholder.OfOutput(output).ToString()),
            };
        }

        derivation = derivation with { Environment = Environment(_ => "") };
        var hash = (HashModulo.Whole)HashModulo.Of(derivation, directory, masked: true, eval.Derivations.Hash);
        if (hash.IsDeferred)
        {
            return derivation;
        }

        var paths = _outputs.ToDictionary(o => o, o => directory.MakeOutput(o, hash.Hash, name), StringComparer.Ordinal);
        return derivation with
        {
            Outputs = [.. derivation.Outputs.Select(o => o with { Output = new DerivationOutput.InputAddressed(paths[o.Name]) })],
            Environment = Environment(output => directory.Absolute(paths[output])),
        };
    }

    private ImmutableArray<EnvironmentVariable> Environment(Func<string, string> valueOf)
    {
        var variables = new List<EnvironmentVariable>(_environment.Count + _outputs.Length);
        foreach (var output in _outputs)
        {
            variables.Add(new EnvironmentVariable(ByteString.Of(output), ByteString.Of(valueOf(output))));
        }

        foreach (var variable in _environment)
        {
            if (!IsOutput(variables, variable.Name))
            {
                variables.Add(variable);
            }
        }

        variables.Sort((a, b) => a.Name.CompareTo(b.Name));
        return [.. variables];
    }

    private bool IsOutput(List<EnvironmentVariable> variables, ByteString name)
    {
        for (var i = 0; i < _outputs.Length; i++)
        {
            if (variables[i].Name == name)
            {
                return true;
            }
        }

        return false;
    }

    private (ImmutableArray<InputDerivation> Inputs, ImmutableArray<StorePath> Sources) Inputs(Host.IEvaluationStore store)
    {
        // The context is sorted by path, but closures of derivations may add to any.
        var outputs = new List<ContextElement.Output>();
        var sources = new List<StorePath>();
        foreach (var element in _context?.Elements ?? [])
        {
            switch (element)
            {
                case ContextElement.Opaque opaque:
                    sources.Add(opaque.Object);
                    break;
                case ContextElement.Output output:
                    outputs.Add(output);
                    break;
                case ContextElement.DerivationClosure closure:
                    foreach (var path in store.ClosureWithOutputs(closure.Derivation))
                    {
                        sources.Add(path);
                        if (path.IsDerivation)
                        {
                            outputs.AddRange(store.ReadDerivation(path).Outputs.Select(o => new ContextElement.Output(path, o.Name)));
                        }
                    }

                    break;
            }
        }

        return (
            [.. outputs.GroupBy(o => o.Derivation).OrderBy(g => g.Key).Select(g => new InputDerivation(
                g.Key, Tree(g.Select(o => (o.Through.IsDefault ? [] : o.Through, o.Name)))))],
            [.. sources.Distinct().Order()]);
    }

    private static WantedOutputs Tree(IEnumerable<(ImmutableArray<string> Through, string Name)> wanted)
    {
        var all = wanted.ToList();
        return new WantedOutputs(
            WantedOutputs.Of(all.Where(w => w.Through.IsEmpty).Select(w => w.Name)).Names,
            [.. all.Where(w => !w.Through.IsEmpty).GroupBy(w => w.Through[0]).OrderBy(g => g.Key, Utf8Order.Comparer)
                .Select(g => new DynamicOutputs(g.Key, Tree(g.Select(w => (w.Through.RemoveAt(0), w.Name)))))]);
    }

    private bool Flag(Syntax.Text.Symbol flag) =>
        attributes.Find(flag) is { } value && eval.ForceBool(value, 0, $"while evaluating the `{flag}` attribute passed to builtins.derivationStrict");

    private ByteString Coerce(Value value, int position, string doing)
    {
        var text = eval.CoerceToString(value, position, doing, Coercion.More | Coercion.CopyToStore);
        _context = StringContext.Union(_context, text.Context);
        return new ByteString(text.Bytes.ToArray());
    }

    private NixString Plain(Value value, int position) => eval.ForceStringWithoutContext(value, position, "");
}
