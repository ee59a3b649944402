using System.Text;
using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Flakes;
using Firn.Flakes.Files;

namespace Firn.Tests.Flakes.Files;

/// <summary>What a <c>flake.nix</c> says is read without evaluating it.</summary>
public sealed class FlakeFileReaderTests
{
    private static readonly InputForms _forms = new(new FetchSettings());

    [Fact]
    public void Inputs_are_those_that_are_written_and_those_that_the_outputs_name()
    {
        var file = Read("""{ inputs.a.url = "github:o/r"; inputs.b = { url = "path:./b"; flake = false; }; outputs = { self, a, c, ... }: { }; }""");
        Assert.Equal(["a", "b", "c"], file.Inputs.Keys);
        Assert.Equal("""{"owner":"o","repo":"r","type":"github"}""", file.Inputs["a"].Reference!.ToAttributes().ToJson());
        Assert.False(file.Inputs["b"].IsFlake);
        Assert.True(file.Inputs["b"].Reference!.IsRelative);
        Assert.Equal("""{"id":"c","type":"indirect"}""", file.Inputs["c"].Reference!.ToAttributes().ToJson());
    }

    [Fact]
    public void A_path_is_relative_to_the_flake() =>
        Assert.Equal("""{"path":"sub","type":"path"}""", Read("{ inputs.a.url = ./sub; outputs = _: { }; }").Inputs["a"].Reference!.ToAttributes().ToJson());

    [Fact]
    public void What_an_input_follows_is_seen_from_the_top()
    {
        var file = FlakeFileReader.Read(
            Encoding.UTF8.GetBytes("""{ inputs.a.follows = "b/c"; inputs.d.inputs.e.follows = ""; outputs = _: { }; }"""), "/s/flake.nix", null, "x", InputPath.Parse("top"), _forms);
        Assert.Equal("top/b/c", file.Inputs["a"].Follows!.ToString());
        Assert.Equal("top", file.Inputs["d"].Overrides["e"].Follows!.ToString());
    }

    [Fact]
    public void Settings_have_the_form_of_a_configuration_file()
    {
        var settings = Read("""{ nixConfig = { a = "x"; b = [ "y" "z" ]; c = true; d = 3; e = ./f; }; outputs = _: { }; }""").Settings;
        Assert.Equal([new("x"), new("y z"), new("true"), new("3"), new("/s/f", IsPath: true)], settings.Values);
    }

    [Theory]
    [InlineData("1", "must be an attribute set")]
    [InlineData("{ }", "flake 'x' lacks attribute 'outputs'")]
    [InlineData("""{ outputs = _: { }; inputs.a.url = "a" + "b"; }""", "expected a string or a path but got a thunk at /s/flake.nix:1:21")]
    [InlineData("""{ outputs = _: { }; inputs = let x = { }; in x; }""", "expected a set but got a thunk at /s/flake.nix:1:21")]
    [InlineData("""{ outputs = { }; }""", "expected a function but got a set")]
    [InlineData("""{ outputs = _: { }; foo = 1; }""", "has an unsupported attribute 'foo', at /s/flake.nix:1:21")]
    [InlineData("""{ outputs = _: { }; inputs.a.foo = "b"; }""", "unexpected flake input attribute 'foo'")]
    [InlineData("""{ outputs = _: { }; inputs.a = { url = "b"; follows = "c"; }; }""", "has both a flake reference and a follows attribute")]
    [InlineData("""{ outputs = _: { }; inputs.a.flake = 1; }""", "expected a Boolean but got an integer")]
    [InlineData("""{ outputs = _: { }; nixConfig.a = x: x; }""", "flake configuration setting 'a' is a function")]
    public void What_is_not_plain_to_see_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FlakeException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_wrong_has_a_place_under_the_name_that_people_know()
    {
        var failure = Assert.Throws<FlakeException>(() => FlakeFileReader.Read(
            "{\n  inputs.a.url = { };\n  outputs = _: { };\n}"u8.ToArray(), "/s/flake.nix", "/home/ada/flake.nix", "x", InputPath.Top, _forms));
        Assert.Equal(("/home/ada/flake.nix", 2), (failure.Diagnostic.Span!.Origin.ToString(), failure.Diagnostic.Span.Start.Line));
    }

    [Fact]
    public void An_input_knows_where_it_is_named()
    {
        var file = Read("{\n  inputs.a = { };\n  outputs =\n    { self, a, b }: { };\n}");
        Assert.Equal((2, false), (file.Inputs["a"].Place!.Start.Line, file.Inputs["a"].IsNamedOnly));
        Assert.Equal((4, true), (file.Inputs["b"].Place!.Start.Line, file.Inputs["b"].IsNamedOnly));
    }

    private static FlakeFile Read(string text) => FlakeFileReader.Read(Encoding.UTF8.GetBytes(text), "/s/flake.nix", null, "x", InputPath.Top, _forms);
}
