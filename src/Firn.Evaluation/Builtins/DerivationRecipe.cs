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
    private static readonly ImmutableArray<string> _onlyDefault = [OutputName.Default];

    private readonly (DerivationDraft Draft, ContextCollector Context) _borrowed = eval.Derivations.Borrow();
    private NixString _builder = NixString.Empty;
    private NixString _platform = NixString.Empty;
    private ImmutableArray<string> _outputs = _onlyDefault;
    private string? _outputHash;
    private HashAlgorithm? _algorithm;
    private ContentAddressMethod? _method;
    private bool _isContentAddressed;
    private bool _isImpure;
    private Syntax.Text.Symbol? _attribute;
    private Func<string>? _describe;

    private DerivationDraft Draft => _borrowed.Draft;

    private ContextCollector Context => _borrowed.Context;

    public AttributeSet Build()
    {
        var isStructured = Flag(eval.Names.StructuredAttrs);
        var ignoresNulls = Flag(eval.Names.IgnoreNulls);
        var json = isStructured ? new JsonWriter() : null;
        json?.StartObject();
        var flat = attributes.Flat(eval.Shapes);
        eval.CountWork();
        eval.OfferAll(flat.Slots, isForString: true);
        for (var i = 0; i < flat.Shape.Count; i++)
        {
            var place = flat.Shape.ByName(eval.Symbols)[i];
            var (attribute, value, position) = (eval.Symbols[flat.Shape.Symbols[place]], flat.Slots[place], flat.Shape.Positions[place]);
            var role = eval.Derivations.Attributes.RoleOf(attribute);
            if (role == AttributeRole.IgnoreNulls || (ignoresNulls && eval.Force(value).IsNull))
            {
                continue;
            }

            _attribute = attribute;
            using var frame = eval.Describing(_describe ??= () => $"while evaluating attribute '{_attribute}' of derivation '{name}'", position);
            switch (role)
            {
                case AttributeRole.ContentAddressed:
                    _isContentAddressed = eval.ForceBool(value, position, "");
                    break;
                case AttributeRole.Impure:
                    _isImpure = eval.ForceBool(value, position, "");
                    break;
                case AttributeRole.Arguments:
                    AddArguments(eval.ForceList(value, position, ""), position);
                    break;
                case AttributeRole.StructuredAttributes when json is not null:
                    break;
                case var _ when json is not null:
                    AddStructured(json, attribute, role, value, position);
                    break;
                case AttributeRole.None or AttributeRole.ShadowedCheck or AttributeRole.StructuredAttributes:
                    AddVariable(attribute, value, position);
                    break;
                default:
                    Add(attribute, role, value, position);
                    break;
            }
        }

        if (json is not null)
        {
            json.EndObject();
            Draft.BeginVariable("__json"u8);
            Draft.Append(json.Written);
            Draft.EndVariable();
        }

        Check();
        var result = Finish();
        eval.Derivations.Return(_borrowed);
        return result;
    }

    private void AddArguments(NixList arguments, int position)
    {
        foreach (var argument in arguments.Items)
        {
            var text = Coerce(argument, position, "while evaluating an element of the argument list");
            Draft.BeginArgument();
            Draft.Append(text.Bytes);
            Draft.EndArgument();
        }
    }

    // Without making a string of a list: it would stay on the heap for as long as the evaluation.
    private void AddVariable(Syntax.Text.Symbol attribute, Value value, int position)
    {
        if (eval.Force(value).AsList is not { } list)
        {
            var content = Coerce(value, position, "");
            Draft.BeginVariable(attribute.Bytes);
            Draft.Append(content.Bytes);
            Draft.EndVariable();
            return;
        }

        eval.OfferAll(list.Items, isForString: true);
        Draft.BeginVariable(attribute.Bytes);
        for (var i = 0; i < list.Count; i++)
        {
            Draft.Append(Coerce(list.Items[i], position, "while evaluating one element of the list").Bytes);
            if (i < list.Count - 1 && !eval.IsEmptyList(list.Items[i]))
            {
                Draft.Append(" "u8);
            }
        }

        Draft.EndVariable();
    }

    private void Add(Syntax.Text.Symbol attribute, AttributeRole role, Value value, int position)
    {
        var content = Coerce(value, position, "");
        Draft.BeginVariable(attribute.Bytes);
        Draft.Append(content.Bytes);
        Draft.EndVariable();
        switch (role)
        {
            case AttributeRole.Builder:
                _builder = content;
                break;
            case AttributeRole.System:
                _platform = content;
                break;
            case AttributeRole.OutputHash:
                _outputHash = content.ToString();
                break;
            case AttributeRole.OutputHashAlgorithm:
                _algorithm = HashAlgorithms.Find(content.ToString());
                break;
            case AttributeRole.OutputHashMode:
                SetMethod(content.ToString(), position);
                break;
            case AttributeRole.Outputs:
                SetOutputs(content.ToString().Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries), position);
                break;
            case AttributeRole.Json:
                eval.Host.Tell(
                    Host.MessageKind.Warning,
                    $"In derivation '{name}': setting structured attributes via '__json' is deprecated, and may be disallowed in future versions of Nix. Set '__structuredAttrs = true' instead.");
                break;
        }
    }

    private void AddStructured(JsonWriter json, Syntax.Text.Symbol attribute, AttributeRole role, Value value, int position)
    {
        json.Key(attribute.Bytes);
        Context.Add(ValueJson.Write(value, eval, copyToStore: true, json));
        switch (role)
        {
            case AttributeRole.Builder:
                _builder = eval.ForceString(value, position, "");
                Context.Add(_builder.Context);
                break;
            case AttributeRole.System:
                _platform = Plain(value, position);
                break;
            case AttributeRole.OutputHash:
                _outputHash = Plain(value, position).ToString();
                break;
            case AttributeRole.OutputHashAlgorithm:
                _algorithm = HashAlgorithms.Find(Plain(value, position).ToString());
                break;
            case AttributeRole.OutputHashMode:
                SetMethod(Plain(value, position).ToString(), position);
                break;
            case AttributeRole.Outputs:
                SetOutputs([.. eval.ForceList(value, position, "").Items.ToArray().Select(i => Plain(i, position).ToString())], position);
                break;
            case AttributeRole.ShadowedCheck:
                eval.Host.Tell(
                    Host.MessageKind.Warning,
                    $"In a derivation named '{name}', 'structuredAttrs' disables the effect of the derivation attribute '{attribute}'; use 'outputChecks.<output>.{attribute}' instead");
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
            throw eval.LacksAttribute(attributes, "builder", "required attribute 'builder' missing");
        }

        if (_platform.Length == 0)
        {
            throw eval.LacksAttribute(attributes, "system", "required attribute 'system' missing");
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
        AddInputs();
        var (file, hash) = Draft.Finish(name, _outputs, OutputOf(), _platform.Bytes, _builder.Bytes);
        eval.Derivations.Add(file.Path, hash);
        eval.Host.Store.AddDerivation(file);
        var result = new AttributeSetBuilder(_outputs.Length + 1);
        result.Add(eval.Names.DrvPath, eval.PathString(file.Path, StringContext.Of(new ContextElement.DerivationClosure(file.Path))));
        foreach (var (output, path) in file.Outputs)
        {
            result.Add(eval.Symbols.Intern(output), eval.PathString(path, StringContext.Of(new ContextElement.Output(file.Path, output))));
        }

        if (file.Outputs.IsEmpty)
        {
            foreach (var output in _outputs)
            {
                result.Add(eval.Symbols.Intern(output), eval.OutputString(new ContextElement.Output(file.Path, output), null));
            }
        }

        return result.Build(eval.Shapes);
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

    private void AddInputs()
    {
        var elements = Context.Collect();
        foreach (var element in elements)
        {
            if (element is ContextElement.DerivationClosure or ContextElement.Output { Through.IsDefaultOrEmpty: false })
            {
                AddUnusualInputs(elements);
                return;
            }
        }

        // They are sorted, what belongs to one derivation together.
        for (var i = 0; i < elements.Length;)
        {
            var first = i++;
            if (elements[first] is not ContextElement.Output output)
            {
                Draft.AddSource(elements[first].Path);
                continue;
            }

            while (i < elements.Length && elements[i] is ContextElement.Output other && other.Derivation.Equals(output.Derivation))
            {
                i++;
            }

            Draft.AddInput(output.Derivation, i == first + 1 ? WantedOutputs.Of(output.Name) : WantedOutputs.Of(Names(elements[first..i])));
        }
    }

    private static string[] Names(ReadOnlySpan<ContextElement> outputs)
    {
        var names = new string[outputs.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = ((ContextElement.Output)outputs[i]).Name;
        }

        return names;
    }

    // Closures of derivations add to the outputs and sources of any, and outputs of outputs make a tree.
    private void AddUnusualInputs(ReadOnlySpan<ContextElement> elements)
    {
        var store = eval.Host.Store;
        var outputs = new List<ContextElement.Output>();
        var sources = new List<StorePath>();
        foreach (var element in elements)
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

        foreach (var group in outputs.GroupBy(o => o.Derivation).OrderBy(g => g.Key))
        {
            Draft.AddInput(group.Key, Tree(group.Select(o => (o.Through.IsDefault ? [] : o.Through, o.Name))));
        }

        foreach (var source in sources.Distinct().Order())
        {
            Draft.AddSource(source);
        }
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

    private NixString Coerce(Value value, int position, string doing)
    {
        var text = eval.CoerceToString(value, position, doing, Coercion.More | Coercion.CopyToStore);
        Context.Add(text.Context);
        return text;
    }

    private NixString Plain(Value value, int position) => eval.ForceStringWithoutContext(value, position, "");
}
