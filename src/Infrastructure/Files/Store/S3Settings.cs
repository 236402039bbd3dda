namespace PatientResponse.Infrastructure.Files.Store;

/// <summary>The bucket, and how it is reached (<c>Files:S3:…</c>). Without keys the SDK's own chain of credentials applies.</summary>
public sealed record S3Settings
{
    private const string Section = "Files:S3";
    private static readonly string[] Encryptions = ["AES256", "aws:kms"];

    /// <summary>The settings that <see cref="Problems"/> looks at.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        "Files:Provider", .. new[] { "ServiceUrl", "Region", "Bucket", "AccessKey", "SecretKey", "ServerSideEncryption", "KmsKeyId" }.Select(key => $"{Section}:{key}"),
    ];

    public string? ServiceUrl { get; init; }

    public string? Region { get; init; }

    public string Bucket { get; init; } = "";

    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    /// <summary>Empty, "AES256" or "aws:kms": what the bucket has to answer that it did.</summary>
    public string? ServerSideEncryption { get; init; }

    /// <summary>For "aws:kms"; without it the bucket's own key.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>How long sending or fetching up to 5 MB may take, tries included.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long any other call may take, tries included.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public static bool IsChosen(IConfiguration configuration) => configuration["Files:Provider"] == "s3";

    public static S3Settings Of(IConfiguration configuration) => configuration.GetSection(Section).Get<S3Settings>() ?? new();

    /// <summary>What is missing or unsafe, a sentence each.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration, bool isProduction)
    {
        if (configuration["Files:Provider"] is { Length: > 0 } provider && provider is not ("folder" or "s3"))
            yield return "Files:Provider must be 'folder' or 's3'.";
        if (!IsChosen(configuration)) yield break;
        var settings = Of(configuration);
        if (string.IsNullOrEmpty(settings.Bucket))
            yield return "Files:S3:Bucket must name the bucket for files.";
        if (string.IsNullOrEmpty(settings.Region) && string.IsNullOrEmpty(settings.ServiceUrl))
            yield return "Files:S3:Region must name the bucket's region, such as eu-west-2, or Files:S3:ServiceUrl the address of another S3 server.";
        if (!string.IsNullOrEmpty(settings.ServiceUrl) && !IsAddress(settings.ServiceUrl, isProduction))
            yield return "Files:S3:ServiceUrl must be an https address, such as https://s3.example.nhs.uk (http in Development only).";
        if (string.IsNullOrEmpty(settings.AccessKey) != string.IsNullOrEmpty(settings.SecretKey))
            yield return "Files:S3:AccessKey and Files:S3:SecretKey go together: set both, or neither to use the machine's own role.";
        if (!string.IsNullOrEmpty(settings.ServerSideEncryption) && !Encryptions.Contains(settings.ServerSideEncryption))
            yield return "Files:S3:ServerSideEncryption must be 'AES256' or 'aws:kms', or not set.";
        if (!string.IsNullOrEmpty(settings.KmsKeyId) && settings.ServerSideEncryption != "aws:kms")
            yield return "Files:S3:KmsKeyId is for Files:S3:ServerSideEncryption 'aws:kms'.";
    }

    private static bool IsAddress(string text, bool isProduction) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && !isProduction));
}
