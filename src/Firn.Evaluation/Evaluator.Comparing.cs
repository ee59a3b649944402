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
            case (NixInt a, NixInt b):
                return a.Number == b.Number;
            case (NixInt a, NixFloat b):
                return a.Number == b.Number;
            case (NixFloat a, NixInt b):
                return a.Number == b.Number;
            case (NixFloat a, NixFloat b):
                return a.Number == b.Number;
            case (NixBool a, NixBool b):
                return a == b;
            case (NixString a, NixString b):
                return ReferenceEquals(a, b) || a.Bytes.AsSpan().SequenceEqual(b.Bytes);
            case (NixPath a, NixPath b):
                return a.Path == b.Path;
            case (NixNull, NixNull):
                return true;
            case (NixList a, NixList b):
                return ReferenceEquals(a, b) || AreDeeplyEqual(a, b, position);
            case (AttributeSet a, AttributeSet b):
                return ReferenceEquals(a, b) || AreDeeplyEqual(a, b, position);
            default:
                return false;
        }
    }

    // Counted like calls: a set that contains another one like it, and so on, must end somewhere.
    private bool AreDeeplyEqual(Value left, Value right, int position)
    {
        EnterCall(null);
        var isEqual = left is NixList list ? AreEqual(list, (NixList)right, position) : AreEqual((AttributeSet)left, (AttributeSet)right, position);
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
            if (!AreEqual(ref left.Items[i], ref right.Items[i], position))
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
            if (first.Shape.Symbols[i] != second.Shape.Symbols[i] || !AreEqual(ref first.Slots[i], ref second.Slots[i], position))
            {
                return false;
            }
        }

        return true;
    }

    // What is in two sets or lists is equal when it is the same object, functions too: Nixpkgs relies on it.
    private bool AreEqual(ref Slot left, ref Slot right, int position) =>
        ReferenceEquals(left.Item, right.Item)
            ? Force(ref left) is not null
            : Force(ref left) is var a && Force(ref right) is var b && (ReferenceEquals(a, b) || AreEqual(a, b, position));

    /// <summary>Compares two forced values as <c>&lt;</c> does.</summary>
    internal bool IsLess(Value left, Value right, int position)
    {
        switch (left, right)
        {
            case (NixInt a, NixInt b):
                return a.Number < b.Number;
            case (NixInt a, NixFloat b):
                return a.Number < b.Number;
            case (NixFloat a, NixInt b):
                return a.Number < b.Number;
            case (NixFloat a, NixFloat b):
                return a.Number < b.Number;
            case (NixString a, NixString b):
                return a.Bytes.AsSpan().SequenceCompareTo(b.Bytes) < 0;
            case (NixPath a, NixPath b):
                return Model.Text.Utf8Order.Comparer.Compare(a.Path, b.Path) < 0;
            case (NixList a, NixList b):
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

                    if (!AreEqual(ref a.Items[i], ref b.Items[i], position))
                    {
                        return IsLess(Force(ref a.Items[i]), Force(ref b.Items[i]), position);
                    }
                }

            default:
                throw Incomparable(left, right, position);
        }
    }

    /// <summary>Calculates with two forced values.</summary>
    internal Value Calculate(Arithmetic operation, Value left, Value right, int position)
    {
        if (left is NixInt { Number: var a } && right is NixInt { Number: var b })
        {
            return NixInt.Of(Calculate(operation, a, b, position));
        }

        var x = ToDouble(left, operation, position);
        var y = ToDouble(right, operation, position);
        if (operation == Arithmetic.Divide && y == 0)
        {
            throw Error(EvaluationErrors.DivisionByZero, position, "division by zero");
        }

        return new NixFloat(operation switch
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
        NixInt number => number.Number,
        NixFloat number => number.Number,
        _ => throw WrongType(position, "an integer", value, $"in an operand of the {operation switch
        {
            Arithmetic.Add => "addition",
            Arithmetic.Subtract => "subtraction",
            Arithmetic.Multiply => "multiplication",
            _ => "division",
        }}"),
    };
}
