using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Profiles.Packages;
using Firn.Profiles.UserEnvironments;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>A package that can be installed, or is: evaluated no further than what is asked of it.</summary>
internal sealed class Package : IPackage
{
    private readonly Evaluator _eval;
    private readonly AttributeSet? _attributes;
    private readonly StorePath? _derivation;
    private readonly StorePath? _outPath;
    private readonly Dictionary<string, MetaValue> _changedMeta = new(StringComparer.Ordinal);
    private string? _system;

    /// <summary>Makes a package of what an expression evaluated to.</summary>
    public Package(Evaluator eval, FoundDerivation found)
    {
        (_eval, _attributes, AttributePath) = (eval, found.Attributes, found.AttributePath);
        Name = PackageName.Parse(found.Name(eval));
    }

    /// <summary>Makes a package of an object in the store, of which nothing else is known.</summary>
    public Package(Evaluator eval, string name, StorePath? derivation, StorePath outPath)
    {
        (_eval, _derivation, _outPath, AttributePath) = (eval, derivation, outPath, "");
        Name = PackageName.Parse(name);
    }

    public PackageName Name { get; private set; }

    /// <summary>Where it was found, such as <c>pythonPackages.numpy</c>.</summary>
    public string AttributePath { get; }

    public string System => _system ??= _attributes is not { } set ? "" : new FoundDerivation("", set).System(_eval);

    public long Priority => FindMeta("priority")?.AsInteger() ?? 0;

    /// <summary>Whether it is never upgraded or replaced.</summary>
    public bool IsKept => FindMeta("keep")?.AsFlag() ?? false;

    /// <summary>The derivation that it is built from, where there is one.</summary>
    public StorePath? Derivation => _attributes is not { } set ? _derivation : PackageAttributes.FindDerivationPath(_eval, set);

    /// <summary>The same, once it is written: evaluation keeps derivations back.</summary>
    public StorePath? WrittenDerivation => Derivation is { } derivation && (_attributes is null || _eval.Host.Store.IsValid(derivation)) ? derivation : null;

    public StorePath OutPath => _attributes is not { } set ? _outPath! : PackageAttributes.OutPath(_eval, set);

    public string OutputName => _attributes is not { } set ? "" : new FoundDerivation("", set).OutputName(_eval);

    public IEnumerable<string> OutputNames => _attributes is not { } set ? [Model.StorePaths.OutputName.Default] : PackageAttributes.OutputNames(_eval, set).Distinct().Order(Utf8Order.Comparer);

    public IEnumerable<string> MetaNames =>
        (_attributes is not { } set ? [] : PackageAttributes.MetaNames(_eval, set)).Union(_changedMeta.Keys).Order(Utf8Order.Comparer);

    /// <summary>What it is, in a few words; empty when it does not say.</summary>
    public string Description => FindMeta("description") is MetaValue.Text text ? text.Value.ToString() : "";

    /// <summary>Gives it another name than it says itself.</summary>
    public void Rename(string name) => Name = PackageName.Parse(name);

    /// <summary>Sets a flag such as <c>priority</c>; flags are text.</summary>
    public void SetMeta(string name, string value) => _changedMeta[name] = new MetaValue.Text(ByteString.Of(value));

    /// <summary>Lists the outputs, sorted by name.</summary>
    public IReadOnlyList<(string Name, StorePath Path)> Outputs(bool onlyInstalled) => _attributes is not { } set
        ? [(Model.StorePaths.OutputName.Default, _outPath!)]
        : PackageAttributes.Outputs(_eval, set, onlyInstalled);

    /// <summary>Returns the value of <c>meta.name</c>, or null when it is missing or no plain data.</summary>
    public MetaValue? FindMeta(string name) =>
        _changedMeta.TryGetValue(name, out var changed) ? changed
        : _attributes is { } set && PackageAttributes.FindMeta(_eval, set, name) is { } value ? ToMeta(value)
        : null;

    /// <summary>Does the same, and says so when it is no plain data.</summary>
    public MetaValue? CheckedMeta(string name, IMessageLog log)
    {
        var value = FindMeta(name);
        if (value is null)
        {
            log.Write(Verbosity.Error, $"derivation '{Name.Full}' has invalid meta attribute '{name}'");
        }

        return value;
    }

    /// <summary>Returns it as <c>manifest.nix</c> keeps it.</summary>
    public UserEnvironmentElement ToElement(bool keepsDerivation) => new()
    {
        Name = Name.Full,
        System = System,
        Derivation = keepsDerivation ? Derivation : null,
        OutPath = OutPath,
        Outputs = [.. Outputs(onlyInstalled: true).Select(o => new UserEnvironmentOutput(o.Name, o.Path))],
        Meta = [.. MetaNames.Select(n => (Name: n, Value: FindMeta(n))).Where(m => m.Value is not null).Select(m => new MetaAttribute(m.Name, m.Value!))],
    };

    private MetaValue ToMeta(Value value) => _eval.Force(value) switch
    {
        { AsInt: { } number } => new MetaValue.Integer(number),
        { AsFloat: { } number } => new MetaValue.Number(number),
        { AsBool: { } truth } => new MetaValue.Flag(truth),
        { AsList: { } list } => new MetaValue.List([.. list.Items.ToArray().Select(ToMeta)]),
        { AsSet: { } set } => new MetaValue.Set([.. set.ByName(_eval.Symbols).Select(a => new MetaAttribute(a.Name.ToString(), ToMeta(a.Value)))]),
        var text => new MetaValue.Text(new ByteString(text.AsString!.Value.Bytes.ToArray())),
    };
}
