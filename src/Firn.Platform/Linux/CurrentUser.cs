namespace Firn.Platform.Linux;

/// <summary>Who this process acts as.</summary>
public static class CurrentUser
{
    public static uint Id => Syscalls.EffectiveUser();

    public static uint GroupId => Syscalls.EffectiveGroup();

    public static bool IsRoot => Id == 0;
}
