using System.Text;
using Firn.Syntax.Trees;
using Assert = Xunit.Assert;

namespace Firn.Tests.Syntax;

public sealed class TreeTests
{
    [Theory]
    [InlineData("  f x", "f x")]
    [InlineData("  (f) x y ", "(f) x y")]
    [InlineData("  a.b.c or d", "a.b.c or d")]
    [InlineData("  (a).b", "(a).b")]
    [InlineData("(  \"a${b}c\"  )", "\"a${b}c\"")]
    [InlineData("  ''a''", "''a''")]
    [InlineData("  ./a/b ", "./a/b")]
    [InlineData("  ./a/${b}/c ", "./a/${b}/c")]
    [InlineData("  { a = 1; } ", "{ a = 1; }")]
    [InlineData("  rec { a = 1; } ", "rec { a = 1; }")]
    [InlineData("  [ 1 2 ] ", "[ 1 2 ]")]
    [InlineData("  x: x + (y) ", "x: x + (y)")]
    [InlineData("  let a = 1; in (a) ", "let a = 1; in (a")]
    [InlineData("  a + b c ", "+ b c")]
    [InlineData("  a // (b) ", "// (b)")]
    [InlineData("  a ? b.c ", "a ? b.c")]
    [InlineData("  if a then b else c ", "if a then b else c")]
    [InlineData("  -a ", "-a")]
    public void An_expression_knows_where_it_stands(string text, string covered)
    {
        var source = Sources.Of(Encoding.UTF8.GetBytes(text));
        var root = Firn.Syntax.Parsing.Parser.Parse(source, new Firn.Syntax.Text.SymbolTable(), Sources.Options).Root!;
        Assert.Equal(covered, text[(root.Start - source.Base)..(root.End - source.Base)]);
    }

    [Fact]
    public void A_function_is_called_as_what_it_is_bound_to()
    {
        var set = Assert.IsType<AttributeSet>(Sources.Parse("{ f = x: y: x; a.g = (x: x); ${h} = x: x; }").Root);
        var outer = Assert.IsType<Lambda>(Assert.IsType<Binding.Plain>(set.Bindings.Items[0]).Value);
        Assert.Equal("f", outer.Name!.ToString());
        Assert.Equal("f", Assert.IsType<Lambda>(outer.Body).Name!.ToString());
        var inner = Assert.IsType<AttributeSet>(Assert.IsType<Binding.Plain>(set.Bindings.Items[1]).Value);
        Assert.Equal("g", Assert.IsType<Lambda>(Assert.IsType<Binding.Plain>(inner.Bindings.Items[0]).Value).Name!.ToString());
        Assert.Null(Assert.IsType<Lambda>(set.Bindings.Dynamic[0].Value).Name);
    }

    [Theory]
    [InlineData("/** one */ x: x", "/** one */")]
    [InlineData("/** one */ /* two */ # three\n x: x", "/** one */")]
    [InlineData("/** one */ /** two */ x: x", "/** two */")]
    [InlineData("/* one */ x: x", null)]
    [InlineData("/*** one */ x: x", null)]
    [InlineData("/**/ x: x", null)]
    public void A_documentation_comment_belongs_to_the_function_behind_it(string text, string? comment) =>
        Assert.Equal(comment, Comment(text, Assert.IsType<Lambda>(Sources.Parse(text).Root)));

    [Fact]
    public void A_documentation_comment_on_a_definition_reaches_the_innermost_function_that_has_none()
    {
        const string Text = "{ /** one */ f = x: /** two */ y: z: 1; }";
        var set = Assert.IsType<AttributeSet>(Sources.Parse(Text).Root);
        var first = Assert.IsType<Lambda>(Assert.IsType<Binding.Plain>(set.Bindings.Items[0]).Value);
        var second = Assert.IsType<Lambda>(first.Body);
        Assert.Equal("/** one */", Comment(Text, first));
        Assert.Equal("/** two */", Comment(Text, second));
        Assert.Equal("/** two */", Comment(Text, Assert.IsType<Lambda>(second.Body)));
    }

    [Fact]
    public void Attributes_stand_in_the_order_in_which_they_were_written()
    {
        var names = string.Join(' ', Enumerable.Range(0, 100).Select(i => $"n{i * 37 % 100}"));
        var set = Assert.IsType<AttributeSet>(Sources.Parse($"{{ {names.Replace(" ", " = 1; ")} = 1; }}").Root);
        Assert.Equal(names, string.Join(' ', set.Bindings.Items.Select(item => item.Name)));
    }

    [Fact]
    public void A_name_that_is_there_twice_is_found_in_a_large_set_too()
    {
        var names = string.Concat(Enumerable.Range(0, 100).Select(i => $"n{i} = 1; "));
        Assert.Contains("attribute 'n3' already defined at «string»:1:", Sources.Show($"{{ {names} n3 = 2; }}"), StringComparison.Ordinal);
    }

    private static string? Comment(string text, Lambda lambda) =>
        lambda.DocComment is { } comment ? text[(comment.Start - 1)..(comment.End - 1)] : null;
}
