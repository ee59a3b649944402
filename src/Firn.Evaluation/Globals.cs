using Firn.Evaluation.Builtins;
using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;
using Firn.Syntax.Text;

namespace Firn.Evaluation;

/// <summary>The variables that every expression sees: <c>builtins</c>, <c>map</c>, <c>true</c>, <c>__add</c> …</summary>
public sealed class Globals
{
    private readonly Dictionary<Symbol, Value> _values = [];

    internal Globals(Evaluator eval)
    {
        var symbols = eval.Symbols;
        var builtins = new AttributeSetBuilder(160);
        foreach (var (builtin, isGlobal, feature) in BuiltinTable.Create())
        {
            if (feature is not null && !eval.Options.Features.Contains(feature))
            {
                continue;
            }

            var name = symbols.Intern(builtin.Name);
            var value = builtin.ToValue();
            builtins.Add(name, value);
            _values[isGlobal ? name : symbols.Intern("__" + builtin.Name)] = value;
        }

        Constant("true", NixBool.True, isGlobal: true);
        Constant("false", NixBool.False, isGlobal: true);
        Constant("null", NixNull.Instance, isGlobal: true);
        Constant("derivation", DelayedCode.Thunk(e => e.Files.EvaluateCore(DerivationFunction.Text, "derivation.nix")), isGlobal: true);
        Constant("nixVersion", NixString.Of(LanguageVersion), isGlobal: false);
        Constant("langVersion", NixInt.Of(6), isGlobal: false);
        Constant("storeDir", NixString.Of(eval.Host.Store.Directory.Path), isGlobal: false);
        Constant("nixPath", DelayedCode.Thunk(SearchPaths.AsValue), isGlobal: false);
        if (!eval.Settings.PureEval)
        {
            Constant("currentTime", DelayedCode.Thunk(e => NixInt.Of(e.Host.CurrentTime)), isGlobal: false);
            Constant("currentSystem", NixString.Of(eval.Options.CurrentSystem), isGlobal: false);
        }

        // The set contains itself, so the thunk looks it up when it is there.
        builtins.Add(symbols.Intern("builtins"), DelayedCode.Thunk(e => e.Globals.Builtins));
        Builtins = builtins.Build();
        _values[symbols.Intern("builtins")] = Builtins;

        void Constant(string name, Value value, bool isGlobal)
        {
            builtins.Add(symbols.Intern(name), value);
            _values[symbols.Intern(isGlobal ? name : "__" + name)] = value;
        }
    }

    /// <summary>The version of the language that expressions see, and that scripts compare.</summary>
    public const string LanguageVersion = "2.34.8";

    public AttributeSet Builtins { get; }

    public IEnumerable<Symbol> Names => _values.Keys;

    /// <summary>Returns the variable's value, or null when there is none of that name.</summary>
    public Value? Find(Symbol name) => _values.TryGetValue(name, out var value) ? value : null;
}
