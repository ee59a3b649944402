namespace Firn.Tests.Syntax;

public sealed class ParserTests
{
    [Theory]
    [InlineData("a + b * c", "(a + (__mul b c))")]
    [InlineData("a - b - c", "(__sub (__sub a b) c)")]
    [InlineData("a // b // c", "(a // (b // c))")]
    [InlineData("a ++ b ++ c", "(a ++ (b ++ c))")]
    [InlineData("a -> b -> c", "(a -> (b -> c))")]
    [InlineData("!a == b", "((! a) == b)")]
    [InlineData("!a + b", "(! (a + b))")]
    [InlineData("a * !b + c", "(__mul a (! (b + c)))")]
    [InlineData("-a ? b", "(((__sub 0 a)) ? b)")]
    [InlineData("a ? b ? c", "((((a) ? b)) ? c)")]
    [InlineData("a <= b", "(! (__lessThan b a))")]
    [InlineData("a >= b", "(! (__lessThan a b))")]
    [InlineData("a || b && c == d < e", "(a || (b && (c == (__lessThan d e))))")]
    public void Operators_bind_as_the_language_says(string text, string expected) =>
        Assert.Equal(expected, Sources.Show(text));
}
