using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;

namespace Firn.Evaluation;

/// <summary>Equality, order and arithmetic.</summary>
public sealed partial class Evaluator
{
    /// <summary>Compares two forced values as <c>==</c> does.</summary>
    internal bool AreEqual(Value left, Value right, int position)
    {
        EnsureStack();
        switch (left, right)
        {
            case ({ AsInt: { } a }, { AsInt: { } b }):
                return a == b;
            case ({ AsInt: { } a }, { AsFloat: { } b }):
                return a == b;
            case ({ AsFloat: { } a }, { AsInt: { } b }):
                return a == b;
            case ({ AsFloat: { } a }, { AsFloat: { } b }):
                return a == b;
            case ({ AsBool: { } a }, { AsBool: { } b }):
                return a == b;
            case ({ AsString: { } a }, { AsString: { } b }):
                return left == right || a.Bytes.SequenceEqual(b.Bytes);
            case ({ AsPath: { } a }, { AsPath: { } b }):
                return a == b;
            case ({ IsNull: true }, { IsNull: true }):
                return true;
            // What is in them is forced even when they are one and the same; below that, sameness is enough.
            case ({ AsList: not null }, { AsList: not null }):
            case ({ AsSet: not null }, { AsSet: not null }):
                return AreDeeplyEqual(left, right, position);
            default:
                return false;
        }
    }

    // Counted like calls: a set that contains another one like it, and so on, must end somewhere.
    private bool AreDeeplyEqual(Value left, Value right, int position)
    {
        EnterCall(null);
        var isEqual = left.AsList is { } list ? AreEqual(list, right.AsList!.Value, position) : AreEqual(left.AsSet!.Value, right.AsSet!.Value, position);
        LeaveCall();
        return isEqual;
    }

    private bool AreEqual(NixList left, NixList right, int position)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (var i = 0; i < left.Count; i++)
        {
            if (!AreSame(left.Items[i], right.Items[i], position))
            {
                return false;
            }
        }

        return true;
    }

    private bool AreEqual(AttributeSet left, AttributeSet right, int position)
    {
        // Derivations are equal when they make the same thing.
        if (IsDerivation(left) && IsDerivation(right) && left.Find(Names.OutPath) is { } a && right.Find(Names.OutPath) is { } b)
        {
            return AreEqual(Force(a), Force(b), position);
        }

        if (left.Count != right.Count)
        {
            return false;
        }

        var (first, second) = (left.Flat(Shapes), right.Flat(Shapes));
        for (var i = 0; i < first.Count; i++)
        {
            if (first.Shape.Symbols[i] != second.Shape.Symbols[i] || !AreSame(first.Slots[i], second.Slots[i], position))
            {
                return false;
            }
        }

        return true;
    }

    // What is in two sets or lists is equal when it is the same object, functions too: Nixpkgs relies on it.
    internal bool AreSame(Value left, Value right, int position)
    {
        var (a, b) = (Force(left), left == right ? default : Force(right));
        return left == right || a == b || AreEqual(a, b, position);
    }

    /// <summary>Compares two forced values as <c>&lt;</c> does.</summary>
    internal bool IsLess(Value left, Value right, int position)
    {
        switch (left, right)
        {
            case ({ AsInt: { } a }, { AsInt: { } b }):
                return a < b;
            case ({ AsInt: { } a }, { AsFloat: { } b }):
                return a < b;
            case ({ AsFloat: { } a }, { AsInt: { } b }):
                return a < b;
            case ({ AsFloat: { } a }, { AsFloat: { } b }):
                return a < b;
            case ({ AsString: { } a }, { AsString: { } b }):
                return a.Bytes.SequenceCompareTo(b.Bytes) < 0;
            case ({ AsPath: { } a }, { AsPath: { } b }):
                return Model.Text.Utf8Order.Comparer.Compare(a, b) < 0;
            case ({ AsList: { } a }, { AsList: { } b }):
                for (var i = 0; ; i++)
                {
                    if (i == b.Count)
                    {
                        return false;
                    }

                    if (i == a.Count)
                    {
                        return true;
                    }

                    if (!AreSame(a.Items[i], b.Items[i], position))
                    {
                        return IsLess(Force(a.Items[i]), Force(b.Items[i]), position);
                    }
                }

            default:
                throw Incomparable(left, right, position);
        }
    }

    /// <summary>Calculates with two forced values.</summary>
    internal Value Calculate(Arithmetic operation, Value left, Value right, int position)
    {
        if (left.AsInt is { } a && right.AsInt is { } b)
        {
            return NixInt.Of(Calculate(operation, a, b, position));
        }

        var x = ToDouble(left, operation, position);
        var y = ToDouble(right, operation, position);
        if (operation == Arithmetic.Divide && y == 0)
        {
            throw Error(EvaluationErrors.DivisionByZero, position, "division by zero");
        }

        return NixFloat.Of(operation switch
        {
            Arithmetic.Add => x + y,
            Arithmetic.Subtract => x - y,
            Arithmetic.Multiply => x * y,
            _ => x / y,
        });
    }

    private long Calculate(Arithmetic operation, long a, long b, int position)
    {
        if (operation == Arithmetic.Divide && b == 0)
        {
            throw Error(EvaluationErrors.DivisionByZero, position, "division by zero");
        }

        try
        {
            return checked(operation switch
            {
                Arithmetic.Add => a + b,
                Arithmetic.Subtract => a - b,
                Arithmetic.Multiply => a * b,
                _ => a / b,
            });
        }
        catch (OverflowException)
        {
            var (doing, sign) = operation switch
            {
                Arithmetic.Add => ("adding", '+'),
                Arithmetic.Subtract => ("subtracting", '-'),
                Arithmetic.Multiply => ("multiplying", '*'),
                _ => ("dividing", '/'),
            };
            throw Error(
                EvaluationErrors.IntegerOverflow, position, $"integer overflow in {doing} {a} {sign} {b}",
                "Integers have 64 bits; write one of the numbers with a decimal point to calculate in floating point.");
        }
    }

    private double ToDouble(Value value, Arithmetic operation, int position) => value switch
    {
        { AsInt: { } number } => number,
        { AsFloat: { } number } => number,
        _ => throw WrongType(position, "an integer", value, $"in an operand of the {operation switch
        {
            Arithmetic.Add => "addition",
            Arithmetic.Subtract => "subtraction",
            Arithmetic.Multiply => "multiplication",
            _ => "division",
        }}"),
    };
}
