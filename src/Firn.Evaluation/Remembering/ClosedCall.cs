using Firn.Evaluation.Forcing;
using Firn.Evaluation.Memory;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Remembering;

/// <summary>A call of a file's function with data: its result, in which what is remembered stands in the place of what would be evaluated.</summary>
internal sealed unsafe class ClosedCall
{
    // More would take longer to read and to check than most evaluations take that need a little of it.
    private const int Largest = 16 << 20;

    private readonly CoveringCode _covering;
    private readonly InsideCode _inside;
    private readonly ElsewhereCode _elsewhere = new();

    /// <param name="file">Whose function.</param>
    /// <param name="argument">Text that tells what it is called with from all else.</param>
    /// <param name="memory">What is remembered of it, or null.</param>
    public ClosedCall(string file, string argument, ReadOnlyMemory<byte>? memory)
    {
        (File, Argument) = (file, argument);
        Memory = memory is { } content ? new ClosedMemoryReader(content) : null;
        (_covering, _inside) = (new CoveringCode(this), new InsideCode(this));
    }

    public string File { get; }

    public string Argument { get; }

    /// <summary>What is remembered; null when nothing is.</summary>
    public ClosedMemoryReader? Memory { get; }

    public Value Result { get; private set; }

    /// <summary>Makes the call.</summary>
    public void Run(Evaluator eval, ClosedArgument argument) => eval.RunClosed(() =>
    {
        Result = eval.Call(eval.Files.EvaluateFile(File), argument.Copy());
        if (Memory is not null)
        {
            Memory.AddHashes(eval);
            Cover(eval, Result, Memory.Root);
        }
    });

    /// <summary>Returns what is to be remembered; null when it is known already.</summary>
    public ReadOnlyMemory<byte>? FindNews(Evaluator eval)
    {
        if (Result.AsSet is not { } packages)
        {
            return null;
        }

        var writer = new ClosedMemoryWriter(eval, this);
        if (!writer.IsWorthIt(packages))
        {
            return null;
        }

        var content = writer.Write(packages);
        return content.Length <= Largest ? content : null;
    }

    private static int Number(Env environment, int place) => (int)environment[place].Value.AsInt!.Value;

    // Puts what is remembered of the attributes of a set before what they would be computed from.
    private void Cover(Evaluator eval, Value value, int scope)
    {
        if (value.AsSet is not { } set)
        {
            return;
        }

        foreach (var member in Memory!.Scope(scope, eval.Symbols))
        {
            var slot = set.FindSlot(member.Name.Id);
            if (slot != null)
            {
                if (member.Inside != 0 && member.Node != 0 && ReferenceEquals(member.Name, eval.Names.Stdenv))
                {
                    UncoverEnvironment(eval, slot);
                }

                Cover(eval, slot, member);
            }
        }
    }

    private void Cover(Evaluator eval, Slot* slot, ScopeMember member, bool isOutput = false)
    {
        var bits = slot->Bits;
        if ((Kind)(bits & 31) == Kind.Thunk)
        {
            slot = Value.At((uint)(bits >> 32));
            bits = slot->Bits;
        }

        if ((long)slot < AddressSpace.ClosedStart)
        {
            return;
        }

        switch ((Kind)(bits & 31))
        {
            case Kind.Pending or Kind.Indexed when !IsCovered(slot):
                var inside = _inside.Make(eval, member.Inside);
                if ((Kind)(bits & 31) == Kind.Pending)
                {
                    inside[1].Bits = bits;
                }
                else
                {
                    _elsewhere.Defer(eval, bits, slot, inside.At(1));
                }

                // If another thread has begun to compute it meanwhile, it may go on.
                Interlocked.CompareExchange(ref slot->Bits, member.Node == 0 ? _inside.In(inside) : _covering.In(_covering.Make(eval, inside, member.Node)), bits);
                break;
            case Kind.Set:
                CoverComputed(eval, new Value(bits), member, isOutput);
                break;
        }
    }

    // Of a package that was computed already it may still have to be computed where it is.
    private void CoverComputed(Evaluator eval, Value value, ScopeMember member, bool isOutput)
    {
        if (member.Inside != 0)
        {
            Cover(eval, value, member.Inside);
        }

        if (member.Node != 0 && Memory!.FindNode(value.AsSet!.Value) == 0)
        {
            foreach (var attribute in Memory.PathsOf(member.Node, withOutputs: !isOutput, eval.Symbols))
            {
                var slot = value.AsSet!.Value.FindSlot(attribute.Name.Id);
                if (slot != null)
                {
                    Cover(eval, slot, attribute, isOutput: true);
                }
            }
        }
    }

    // Nearly everything is built in the standard environment, and who makes it knows it by other ways than as an attribute: the
    // packages that it is made of are found first.
    private static void UncoverEnvironment(Evaluator eval, Slot* slot) => eval.TryQuietly(() =>
    {
        var packages = eval.Force(slot).AsSet?.FindSlot(eval.Names.BootPackages.Id);
        return packages != null && eval.Force(packages).IsSet;
    });

    private bool IsCovered(Slot* slot) =>
        slot->Kind == Kind.Pending && ObjectIds.Get<Code>(slot->Aux) is var code && (ReferenceEquals(code, _covering) || ReferenceEquals(code, _inside));

    /// <summary>Gives what is remembered, without computing what it covers.</summary>
    private sealed class CoveringCode(ClosedCall call) : Code(0)
    {
        public Env Make(Evaluator eval, Env inside, int node)
        {
            var environment = Env.Make(eval.Heap, Env.Empty, 3);
            environment[1].Bits = call._inside.In(inside);
            environment[2].Value = NixInt.Of(node);
            return environment;
        }

        public ulong In(Env environment)
        {
            Slot slot = default;
            Defer(environment, &slot);
            return slot.Bits;
        }

        public override Value Eval(Env environment, Evaluator eval) =>
            call.Memory!.Make(eval, Number(environment, 2), Value.ThunkAt(environment.At(1)));
    }

    /// <summary>Computes a set and covers packages in it.</summary>
    private sealed class InsideCode(ClosedCall call) : Code(0)
    {
        public Env Make(Evaluator eval, int scope)
        {
            var environment = Env.Make(eval.Heap, Env.Empty, 3);
            environment[2].Value = NixInt.Of(scope);
            return environment;
        }

        public ulong In(Env environment)
        {
            Slot slot = default;
            Defer(environment, &slot);
            return slot.Bits;
        }

        public override Value Eval(Env environment, Evaluator eval)
        {
            var value = eval.Force(environment.At(1));
            if (Number(environment, 2) is > 0 and var scope)
            {
                call.Cover(eval, value, scope);
            }

            return value;
        }
    }

    /// <summary>Computes what stood in one of many slots that are computed each from its place, now that something else stands there.</summary>
    private sealed class ElsewhereCode() : Code(0)
    {
        private const int KindBits = 5;

        public void Defer(Evaluator eval, ulong bits, Slot* place, Slot* target)
        {
            var environment = Env.Make(eval.Heap, Env.Empty, 3);
            environment[1].Value = NixInt.Of((long)bits >> KindBits);
            environment[2].Value = NixInt.Of(Value.HandleOf(place));
            Defer(environment, target);
        }

        public override Value Eval(Env environment, Evaluator eval)
        {
            var bits = (ulong)environment[1].Value.AsInt!.Value << KindBits;
            return ObjectIds.Get<IndexedCode>((uint)bits >> KindBits).Eval(
                Value.At((uint)(bits >> 32)), Value.At((uint)environment[2].Value.AsInt!.Value), eval);
        }
    }
}
