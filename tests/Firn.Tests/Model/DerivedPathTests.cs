using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;

namespace Firn.Tests.Model;

public sealed class DerivedPathTests
{
    private const string Drv = "/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo.drv";
    private static readonly StoreDirectory _directory = StoreDirectory.Default;

    [Theory]
    [InlineData(Drv)]
    [InlineData(Drv + "^*")]
    [InlineData(Drv + "^bar,baz")]
    [InlineData(Drv + "^foo.drv^bar")]
    public void What_is_read_is_written_the_same(string text) =>
        Assert.Equal(text, DerivedPath.Parse(text, _directory).ToString(_directory));

    [Fact]
    public void Older_files_have_an_exclamation_mark() =>
        Assert.Equal(Drv + "^out", DerivedPath.Parse(Drv + "!out", _directory, '!').ToString(_directory));

    [Fact]
    public void Outputs_are_sorted_and_compared_by_value()
    {
        Assert.Equal(DerivedPath.Parse(Drv + "^b,a,b", _directory), DerivedPath.Parse(Drv + "^a,b", _directory));
        Assert.NotEqual(DerivedPath.Parse(Drv + "^a", _directory), DerivedPath.Parse(Drv + "^a,b", _directory));
    }

    [Fact]
    public void An_output_without_a_name_is_refused() =>
        Assert.Throws<InvalidFormatException>(() => DerivedPath.Parse(Drv + "^a,,b", _directory));

    [Fact]
    public void Placeholders_are_those_of_the_manual()
    {
        // The values that upstream's unit tests hold for these three.
        Assert.Equal("/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9", Placeholder.OfOutput("out").ToString());
        Assert.Equal(
            "/0c6rn30q4frawknapgwq386zq358m8r6msvywcvc89n6m5p2dgbz",
            Placeholder.OfInput(_directory.Parse(Drv), "out").ToString());
        Assert.Equal(
            "/0gn6agqxjyyalf0dpihgyf49xq5hqxgw100f0wydnj6yqrhqsb3w",
            Placeholder.Of((SingleDerivedPath.Built)SingleDerivedPath.Parse(
                "/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo.drv.drv^out^out", _directory)).ToString());
    }

    [Theory]
    [InlineData(1, BuildStatus.MiscFailure, BuildStatus.DependencyFailed)]
    [InlineData(100, BuildStatus.PermanentFailure, BuildStatus.DependencyFailed)]
    [InlineData(101, BuildStatus.TimedOut, BuildStatus.PermanentFailure)]
    [InlineData(102, BuildStatus.HashMismatch, BuildStatus.MiscFailure)]
    [InlineData(104, BuildStatus.NotDeterministic, BuildStatus.MiscFailure)]
    [InlineData(108, BuildStatus.NotDeterministic, BuildStatus.PermanentFailure)]
    public void The_exit_status_has_a_bit_for_each_kind_of_failure(int status, BuildStatus first, BuildStatus second) =>
        Assert.Equal(status, FailureStatus.Of([first, second]));
}
