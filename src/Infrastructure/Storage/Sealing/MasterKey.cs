using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace PatientResponse.Infrastructure.Storage.Sealing;

/// <param name="Current">Wraps what is written.</param>
/// <param name="Old">Still open what they wrapped, until <c>keys rewrap</c>.</param>
public sealed record MasterKeys(byte[] Current, IReadOnlyList<byte[]> Old)
{
    public IEnumerable<byte[]> All => [Current, .. Old];
}

/// <summary>The one secret that everything else is encrypted under: 32 bytes, base64, as <c>Encryption:MasterKey</c>.</summary>
public static class MasterKey
{
    public static byte[] Read(IConfiguration configuration, IHostEnvironment environment, DataFolder folder)
    {
        if (configuration["Encryption:MasterKey"] is { Length: > 0 } configured)
            return Parse(configured) ?? throw new InvalidOperationException("Encryption:MasterKey must be 32 bytes in base64.");
        if (!environment.IsDevelopment())
            throw new InvalidOperationException("Encryption:MasterKey is missing: 32 random bytes in base64, kept apart from the database.");
        return OfDevelopment(folder.PathOf("master.key"));
    }

    /// <summary>The current one and those of <c>Encryption:OldMasterKeys</c>.</summary>
    public static MasterKeys ReadAll(IConfiguration configuration, IHostEnvironment environment, DataFolder folder) => new(
        Read(configuration, environment, folder),
        [.. EncryptionSettings.Old(configuration).Select(old => Parse(old) ?? throw new InvalidOperationException("Encryption:OldMasterKeys must be 32 bytes in base64 each."))]);

    public static byte[]? Parse(string text)
    {
        var bytes = new byte[33];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == 32 ? bytes[..32] : null;
    }

    private static byte[] OfDevelopment(string file)
    {
        if (!File.Exists(file))
            Make(file);
        return Parse(File.ReadAllText(file)) ?? throw new CannotStartException($"{file} is damaged: it has to be the 32 bytes in base64 that this data folder was made with.");
    }

    /// <summary>Whole and on disk before anybody can read it. Of two processes that start at once, one makes it and both use it.</summary>
    private static void Make(string file)
    {
        var making = $"{file}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(making, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
            stream.Flush(flushToDisk: true);
        }
        try
        {
            // On Unix, File.Move looks first and renames then: two processes could both make the key. A link is made or refused in one step.
            if (OperatingSystem.IsWindows())
                File.Move(making, file, overwrite: false);
            else if (Link(making, file) != 0 && !File.Exists(file))
                throw new IOException("The master key could not be put in the data folder.");
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process made it first.
        }
        finally
        {
            File.Delete(making);
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string created);
}
