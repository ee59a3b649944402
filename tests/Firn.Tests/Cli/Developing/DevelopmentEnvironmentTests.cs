using System.Text;
using System.Text.Json;
using Firn.Cli.Developing;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Cli.Developing;

public sealed class DevelopmentEnvironmentTests
{
    private const string Text = """
        {"bashFunctions":{"f":" \n    echo\n"},
        "structuredAttrs":{".attrs.sh":"declare a=1",".attrs.json":"{\"out\":\"/nix/store/x\"}"},
        "variables":{"A":{"type":"exported","value":"a'b"},"L":{"type":"array","value":["1",""]},"N":{"type":"unknown"},
        "T":{"type":"associative","value":{"k y":"v"}},"V":{"type":"var","value":"/nix/store/x/bin"},
        "HOME":{"type":"exported","value":"/homeless-shelter"},
        "outputs":{"type":"associative","value":{"out":"/nix/store/x"}}}}
        """;

    [Fact]
    public void It_is_written_as_it_was_read_but_for_what_nobody_knows()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            DevelopmentEnvironment.Parse(Text).Write(json);
        }

        using var written = JsonDocument.Parse(bytes.ToArray());
        using var expected = JsonDocument.Parse(Text.Replace("\"N\":{\"type\":\"unknown\"},", "", StringComparison.Ordinal));
        Assert.True(JsonElement.DeepEquals(expected.RootElement, written.RootElement), Encoding.UTF8.GetString(bytes.ToArray()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"bashFunctions":{},"variables":{"A":"b"}}""")]
    [InlineData("""{"bashFunctions":{},"variables":{"A":{"type":"array","value":{}}}}""")]
    [InlineData("""{"bashFunctions":{"f":1},"variables":{}}""")]
    public void What_is_no_environment_is_refused(string text) =>
        Assert.Throws<InvalidFormatException>(() => DevelopmentEnvironment.Parse(text));

    [Fact]
    public void The_code_sets_each_variable_as_its_kind_wants()
    {
        var code = EnvironmentCode.Of(DevelopmentEnvironment.Parse(Text), "/somewhere/outputs", (_, _) => { });

        Assert.Contains("A='a'\\''b'\nexport A\n", code, StringComparison.Ordinal);
        Assert.Contains("declare -a L=('1' '' )\n", code, StringComparison.Ordinal);
        Assert.Contains("declare -A T=(['k y']='v' )\n", code, StringComparison.Ordinal);
        Assert.Contains("f ()\n{\n \n    echo\n}\n", code, StringComparison.Ordinal);
        Assert.DoesNotContain("homeless", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_go_to_a_folder_but_the_attributes_stay_as_they_were()
    {
        var code = EnvironmentCode.Of(DevelopmentEnvironment.Parse(Text), "/somewhere/outputs", (_, _) => { });

        Assert.Contains("V='/somewhere/outputs/out/bin'\n", code, StringComparison.Ordinal);
        Assert.Contains("printf %s '{\"out\":\"/nix/store/x\"}' >\"$NIX_BUILD_TOP/.attrs.json\"", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_redirects_sees_what_there_is_to_redirect()
    {
        var seen = "";
        var code = EnvironmentCode.Of(DevelopmentEnvironment.Parse(Text), "/somewhere/outputs", (text, rewrites) =>
        {
            seen = text;
            rewrites.Set("echo", "print");
        });

        Assert.Contains("V='/nix/store/x/bin'", seen, StringComparison.Ordinal);
        Assert.Contains("    print\n", code, StringComparison.Ordinal);
    }
}
