using System.Text;
using CsCheck;

namespace Firn.Tests.Evaluation.Values;

/// <summary>Sets that are laid over others are what they would be if each had been copied.</summary>
public sealed class AttributeSetTests
{
    // Few names, so that much is replaced; now and then enough at once that layers are put together.
    private static readonly Gen<(int Name, int Value)[][]> _updates =
        Gen.Select(Gen.Int[0, 150], Gen.Int[0, 9]).Array[0, 40].Array[1, 40];

    [Fact]
    public void Updates_give_what_copying_would() => _updates.Sample(
        updates =>
        {
            var model = new SortedDictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < 60; i++)
            {
                model[Name(i)] = -1;
            }

            var expression = new StringBuilder("let a0 = builtins.listToAttrs (builtins.genList (i: { name = \"n${toString i}\"; value = -1; }) 60);\n");
            for (var k = 0; k < updates.Length; k++)
            {
                var last = updates[k].GroupBy(u => u.Name).Select(g => g.Last()).ToList();
                expression.Append($"a{k + 1} = a{k} // {{ {string.Concat(last.Select(u => $"{Name(u.Name)} = {u.Value}; "))}}};\n");
                foreach (var (name, value) in last)
                {
                    model[Name(name)] = value;
                }
            }

            // Looked up before and after the layers are put together, for which listing the names asks.
            var set = $"a{updates.Length}";
            var find = $"builtins.genList (i: {set}.\"n${{toString i}}\" or 99) 151";
            var wanted = Enumerable.Range(0, 151).Select(i => model.TryGetValue(Name(i), out var value) ? value : 99).ToList();
            expression.Append($"find = {find}; names = builtins.attrNames {set};\n");
            expression.Append($"in builtins.deepSeq find (builtins.toJSON [ find names ({find}) ({set} == builtins.mapAttrs (n: v: v) {set}) ])");

            var list = $"[{string.Join(',', wanted)}]";
            var names = $"[{string.Join(',', model.Keys.Select(n => $"\\\"{n}\\\""))}]";
            Assert.Equal($"\"[{list},{names},{list},true]\"", Evaluations.Value(expression.ToString()));
        },
        iter: 60);

    [Theory]
    [InlineData("a", "aa", "ab", "abcdefgh", "abcdefgha", "abcdefghb", "abcdefgi", "b", "é", "ｱ", "😀")]
    [InlineData("name-10", "name-1000", "name-1001", "name-11", "name-2")]
    [InlineData("", "x")]
    public void Names_are_listed_in_the_order_of_their_bytes(params string[] names)
    {
        var shuffled = names.Reverse().Select(n => $"\"{n}\" = 1;");

        Assert.Equal(
            $"[ {string.Join(' ', names.Select(n => $"\"{n}\""))} ]",
            Evaluations.Value($"builtins.attrNames {{ {string.Join(' ', shuffled)} }}"));
    }

    private static string Name(int i) => $"n{i}";
}
