using System.Diagnostics.CodeAnalysis;
using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;

namespace Firn.Evaluation;

/// <summary>Forcing values to the types that something needs.</summary>
public sealed partial class Evaluator
{
    /// <summary>Runs <paramref name="condition"/>, which must be a boolean.</summary>
    internal bool IsTrue(Code condition, Env environment, string doing) =>
        condition.Eval(environment, this) is var value && value == NixBool.True
            || (value != NixBool.False && ThrowNoBool(condition.Position, value, doing));

    internal AttributeSet ForceSet(Value value, int position, string doing) =>
        Force(value) is var forced && forced.AsSet is { } set ? set : throw WrongType(position, "a set", forced, doing);

    internal NixList ForceList(Value value, int position, string doing) =>
        Force(value) is var forced && forced.AsList is { } list ? list : throw WrongType(position, "a list", forced, doing);

    internal NixString ForceString(Value value, int position, string doing) =>
        Force(value) is var forced && forced.AsString is { } text ? text : throw WrongType(position, "a string", forced, doing);

    internal long ForceInt(Value value, int position, string doing) =>
        Force(value) is var forced && forced.AsInt is { } number ? number : throw WrongType(position, "an integer", forced, doing);

    internal bool ForceBool(Value value, int position, string doing) =>
        Force(value) is var forced && forced.AsBool is { } truth ? truth : throw WrongType(position, "a Boolean", forced, doing);

    /// <summary>Forces a function: a lambda, a builtin, or a set with <c>__functor</c>.</summary>
    internal Value ForceFunction(Value value, int position, string doing)
    {
        var forced = Force(value);
        return forced is { IsFunction: true } || (forced.AsSet is { } set && set.Find(Names.Functor) is not null)
            ? forced
            : throw WrongType(position, "a function", forced, doing);
    }

    /// <summary>Forces a string that may not depend on anything in the store.</summary>
    internal NixString ForceStringWithoutContext(Value value, int position, string doing)
    {
        var text = ForceString(value, position, doing);
        return text.Context is null
            ? text
            : throw Error(
                EvaluationErrors.WrongType, position,
                $"the string '{text}' is not allowed to refer to a store path (such as '{Host.Store.Directory.Absolute(text.Context.Elements[0].Path)}')",
                "Use builtins.unsafeDiscardStringContext if the dependency is not meant.");
    }

    /// <summary>Forces the argument of a function that takes a set apart.</summary>
    internal AttributeSet ForceArgumentSet(Value value, LambdaCode function) =>
        Force(value) is var forced && forced.AsSet is { } set
            ? set
            : throw WrongType(CallPosition() is > 0 and var call ? call : function.Position, "a set", forced, "while evaluating the value passed for the lambda argument");

    /// <summary>Returns the attribute called <paramref name="name"/> of a set that is the argument of a builtin.</summary>
    internal Value GetAttribute(AttributeSet set, string name, string doing) =>
        set.Find(Symbols.Intern(name)) ?? throw LacksAttribute(set, name, $"attribute '{name}' missing {doing}");

    /// <summary>Returns whether the value is a set that describes a derivation.</summary>
    public bool IsDerivation(Value value) =>
        value.AsSet is { } set && set.Find(Names.Type) is { } type && Force(type).AsString is { } text && text.Bytes.SequenceEqual("derivation"u8);

    [DoesNotReturn]
    private bool ThrowNoBool(int position, Value value, string doing) => throw WrongType(position, "a Boolean", value, doing);
}
