using PatientResponse.Infrastructure.Files.Checkpoints;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Files;

public static class FileServices
{
    public static void AddFiles(this IServiceCollection services)
    {
        services.AddSingleton(Store);
        services.AddSingleton<FileIntake>();
        services.AddSingleton<FilesInFlight>();
        services.AddSingleton<CheckpointStore>();
        services.AddSingleton<RecordKeeper>();
        services.AddHostedService<RecordGauge>();
        services.AddHostedService<RecordService>();
    }

    /// <summary>Where files are kept, by <c>Files:Provider</c>.</summary>
    private static IFileStore Store(IServiceProvider services)
    {
        var (configuration, folder) = (services.GetRequiredService<IConfiguration>(), services.GetRequiredService<DataFolder>());
        var time = services.GetRequiredService<TimeProvider>();
        return S3Settings.IsChosen(configuration)
            ? new S3FileStore(S3Settings.Of(configuration), folder.PathOf("spool"), time, services.GetRequiredService<ILogger<S3FileStore>>())
            : new FolderFileStore(folder.PathOf("files"), time);
    }
}
