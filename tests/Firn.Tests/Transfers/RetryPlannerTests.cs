using Firn.Transfers;

namespace Firn.Tests.Transfers;

public sealed class RetryPlannerTests
{
    private static readonly TransferProblem _passing = new(TransferFailure.Broken, "x", MayPass: true);

    [Fact]
    public void Waits_double_until_the_attempts_are_used_up()
    {
        var waits = Enumerable.Range(1, 5).Select(failed => RetryPlanner.Next(failed, 5, _passing, 0)?.TotalMilliseconds);

        Assert.Equal([250, 500, 1000, 2000, null], waits);
    }

    [Fact]
    public void What_cannot_pass_is_not_tried_again() => Assert.Null(RetryPlanner.Next(1, 5, _passing with { MayPass = false }, 0));

    [Fact]
    public void A_server_that_wants_to_be_left_alone_is_but_not_for_ever()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), RetryPlanner.Next(1, 5, _passing with { Wait = TimeSpan.FromSeconds(7) }, 0));
        Assert.Equal(TimeSpan.FromSeconds(60), RetryPlanner.Next(1, 5, _passing with { Wait = TimeSpan.FromDays(7) }, 0));
    }
}
