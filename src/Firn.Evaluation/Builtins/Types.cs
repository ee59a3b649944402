using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins that ask what a value is.</summary>
internal static class Types
{
    /// <summary>Returns the type's name: <c>int</c>, <c>bool</c>, <c>string</c>, <c>path</c>, <c>null</c>, <c>set</c>, <c>list</c>, <c>lambda</c> or <c>float</c>.</summary>
    [Builtin("typeOf")]
    public static Value TypeOf(Value value) => NixString.Of(value.TypeName);

    /// <summary>Tells whether the value is null.</summary>
    [Builtin("isNull", Global = true)]
    public static bool IsNull(Value value) => value.IsNull;

    [Builtin("isFunction")]
    public static bool IsFunction(Value value) => value is { IsFunction: true };

    [Builtin("isInt")]
    public static bool IsInt(Value value) => value.IsInt;

    [Builtin("isFloat")]
    public static bool IsFloat(Value value) => value.IsFloat;

    [Builtin("isString")]
    public static bool IsString(Value value) => value.IsString;

    [Builtin("isBool")]
    public static bool IsBool(Value value) => value.IsBool;

    [Builtin("isPath")]
    public static bool IsPath(Value value) => value.IsPath;

    [Builtin("isList")]
    public static bool IsList(Value value) => value.IsList;

    [Builtin("isAttrs")]
    public static bool IsAttrs(Value value) => value.IsSet;

    /// <summary>Returns the attributes that a function takes, each with whether it has a default.</summary>
    [Builtin("functionArgs")]
    public static Value FunctionArgs(Evaluator eval, Value function)
    {
        if (!IsFunction(function))
        {
            throw eval.WrongType(0, "a function", function, "in builtins.functionArgs");
        }

        if (PatternOf(function) is not { } pattern)
        {
            return AttributeSet.Empty;
        }

        var set = new AttributeSetBuilder(pattern.Items.Length);
        foreach (var item in pattern.Items)
        {
            set.Add(item.Name, NixBool.Of(item.Default is not null), item.Position);
        }

        return set.Build(eval.Shapes);
    }

    /// <summary>Returns how a function takes its next argument apart, or null when it does not.</summary>
    public static Pattern? PatternOf(Value function)
    {
        var (code, given) = function.AsPartial is { } partial
            ? (partial.Function.AsClosure?.Code, partial.Arguments.Length)
            : (function.AsClosure?.Code, 0);
        return code?.Arity == given + 1 ? code.Pattern : null;
    }
}
